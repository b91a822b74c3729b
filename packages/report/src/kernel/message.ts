import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The header of a message of the Jupyter protocol, version 5. */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A message of the Jupyter protocol. */
export interface Message {
  header: Header;
  parent_header: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
}

const delimiter = "<IDS|MSG>";

function sign(key: string, parts: readonly (string | Buffer)[]): string {
  const hash = createHmac("sha256", key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** A new message of one type for a session; `content` is what the type asks for. */
export function createMessage(type: string, session: string, content: Record<string, unknown>): Message {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "relu-lab",
    date: new Date().toISOString(),
    version: "5.3",
  };
  return { header, parent_header: {}, metadata: {}, content };
}

/** The frames that carry a message over a socket, signed with the connection's key. */
export function encodeMessage(key: string, message: Message): string[] {
  const parts = [message.header, message.parent_header, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  );
  return [delimiter, sign(key, parts), ...parts];
}

/**
 * Reads a message from its frames (routing prefixes before the delimiter are skipped).
 * Throws when the delimiter is missing or the signature is not the key's.
 */
export function decodeMessage(key: string, frames: readonly Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.toString("latin1") === delimiter);
  if (at < 0 || frames.length < at + 6) {
    throw new Error(
      `a Jupyter message needs ${delimiter} and five frames after it; got ${frames.length} frames`,
    );
  }
  const parts = frames.slice(at + 2, at + 6);
  const expected = Buffer.from(sign(key, frames.slice(at + 2)));
  const signature = frames[at + 1];
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error("a Jupyter message has a wrong signature: it does not come from our kernel");
  }
  const [header, parent_header, metadata, content] = parts.map((part) => JSON.parse(part.toString("utf8")));
  return { header, parent_header, metadata, content };
}
