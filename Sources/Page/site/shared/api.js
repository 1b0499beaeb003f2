// Requests to the server, and its errors as sentences.

import { queryText } from "./state.js";
import { askForToken, authorization } from "./token.js";

// This file lies in page/shared/; the endpoints are beside page/.
const root = new URL("../..", import.meta.url);

export const MEDIA_TYPES = {
  json: "application/json",
  ndjson: "application/x-ndjson",
  csv: "text/csv",
  svg: "image/svg+xml",
  png: "image/png",
};

/** The full address of a request, as curl needs it. */
export function address(path, query = {}) {
  const text = queryText(query);
  return new URL(path.slice(1), root).href + (text && `?${text}`);
}

/** What the server says is wrong: its own sentence, and the field at fault. */
export class Problem extends Error {
  constructor(body) {
    super(body.detail ?? body.title ?? "The server gave no reason.");
    this.status = body.status;
    this.field = body.parameter ?? body.pointer?.split("/")[1] ?? null;
    this.pointer = body.pointer ?? null;
  }
}

/** Sends a request; a body makes it a POST of JSON, a form (FormData) one of its parts. */
export async function send({ path, query, body, form, format = "json", signal }) {
  const headers = { Accept: MEDIA_TYPES[format] };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const attempt = async (sent) => {
    try {
      return await fetch(address(path, query), {
        method: body === undefined && form === undefined ? "GET" : "POST",
        headers: { ...headers, ...sent },
        signal,
        body: body === undefined ? form : JSON.stringify(body),
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem({ detail: "The server cannot be reached. Check that it is running, then try again." });
    }
  };
  let sent = authorization(), response = await attempt(sent);
  while (response.status === 401 && await askForToken(sent)) {
    sent = authorization();
    response = await attempt(sent);
  }
  if (!response.ok) throw new Problem(await problemBody(response));
  return response;
}

async function problemBody(response) {
  try {
    return await response.json();
  } catch {
    return { status: response.status, detail: `The server answered with status ${response.status}.` };
  }
}

export const getJSON = async (request) => (await send(request)).json();

/** Reads lines as they arrive. Each but the last is progress; the last is the answer. */
export async function stream(request, onProgress) {
  const response = await send({ ...request, format: "ndjson" });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "", last = null;
  const take = (line) => {
    if (!line.trim()) return;
    if (last) onProgress(last);
    last = JSON.parse(line);
  };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    lines.forEach(take);
  }
  take(rest);
  if (last === null) throw new Problem({ detail: "The server's answer ended before its last line." });
  if (last.status >= 400 && last.title) throw new Problem(last);
  return last;
}
