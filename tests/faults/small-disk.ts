// A disk of its own that is small, can be filled and made read-only; needs the right to mount.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const mount = (...words: string[]) => spawnSync("mount", words, { stdio: "ignore" }).status === 0;

export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** A disk of so many KiB, unmounted when the process ends; undefined, with a printed reason, where it cannot be had. */
  static make(size: number): SmallDisk | undefined {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-disk-"));
    const mounted =
      process.platform === "linux" && mount("-t", "tmpfs", "-o", `size=${size}k`, "tmpfs", folder);
    process.on("exit", () => {
      if (mounted) spawnSync("umount", ["--lazy", folder]);
      fs.rmSync(folder, { recursive: true, force: true });
    });
    if (!mounted) console.log("skipped: full and read-only disks, because this user cannot mount");
    return mounted ? new SmallDisk(folder) : undefined;
  }

  private get ballast(): string {
    return path.join(this.folder, ".ballast");
  }

  /** Leaves at most so many KiB. */
  fill(leave = 0): void {
    const { bavail, bsize } = fs.statfsSync(this.folder);
    fs.writeFileSync(this.ballast, Buffer.alloc(Math.max(0, bavail * bsize - leave * 1024)));
  }

  makeRoom(): void {
    fs.rmSync(this.ballast, { force: true });
  }

  readOnly(yes: boolean): void {
    if (!mount("-o", `remount,${yes ? "ro" : "rw"}`, this.folder)) throw new Error("remount failed");
  }

  /** Every file on it with its content, the ballast aside. */
  files(): Record<string, string> {
    const names = (fs.readdirSync(this.folder, { recursive: true }) as string[]).filter(
      (name) => name !== ".ballast",
    );
    return Object.fromEntries(
      names
        .sort()
        .map((name) => [name, path.join(this.folder, name)])
        .filter(([, file]) => fs.statSync(file).isFile())
        .map(([name, file]) => [name, fs.readFileSync(file, "latin1")]),
    );
  }
}
