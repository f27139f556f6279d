import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** How a GitLab differs from the sandbox's. */
interface Lie {
  /** Of each body of an answer. */
  readonly shows?: (said: unknown) => unknown;
  /** Of each answer's `Date`. */
  readonly date?: () => Date;
}

/** Has `GITLAB_BASE_URL` name a GitLab whose lists of tokens lack one that lives; ends with what it is given. */
export function withoutListing(tokenId: number | undefined, during: () => Promise<void>): Promise<void> {
  const shows = (said: unknown) =>
    Array.isArray(said) ? said.filter(({ id }: { id: number }) => id !== tokenId) : said;
  return through({ shows }, during);
}

/** Has it name one whose clock differs from this machine's by so many days, which goes by its own clock meanwhile. */
export async function withClock(days: number, during: () => Promise<void>): Promise<void> {
  const pretended = process.env.PAT_ROTATION_AS_OF;
  delete process.env.PAT_ROTATION_AS_OF;
  try {
    await through({ date: () => new Date(Date.now() + days * 86_400_000) }, during);
  } finally {
    process.env.PAT_ROTATION_AS_OF = pretended;
  }
}

async function through({ shows, date }: Lie, during: () => Promise<void>): Promise<void> {
  const url = process.env.GITLAB_BASE_URL ?? "";
  const server = createServer((request, response) => {
    const { method = "GET", url: path = "" } = request;
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" && /^(private-token|content-type)$/.test(name) ? [[name, value] as const] : [],
    );
    void (async () => {
      const body = method === "GET" || method === "DELETE" ? {} : { body: await text(request) };
      const answer = await fetch(`${url}${path}`, { method, headers: Object.fromEntries(headers), ...body });
      const said: unknown = answer.status === 204 ? undefined : await answer.json();
      const shown = shows === undefined ? said : shows(said);
      response.writeHead(answer.status, {
        "content-type": "application/json",
        ...(date === undefined ? {} : { date: date().toUTCString() }),
      });
      response.end(shown === undefined ? "" : JSON.stringify(shown));
    })();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  process.env.GITLAB_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await during();
  } finally {
    process.env.GITLAB_BASE_URL = url;
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}
