const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe for HTML, inside of attributes too. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]);

/** JSON made safe inside of a script element. */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, "\\u003c");

/** A script's text made safe inside of a script element: nothing in it can end the element or open a comment. */
export const scriptText = (text: string): string =>
  text.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
