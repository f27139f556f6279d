import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { beat } from "../../commands/ci/heartbeat";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A watchdog that answers with these statuses in turn; what it was asked. */
async function watchdog(...statuses: readonly number[]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    response.writeHead(statuses[asked.length] ?? 200).end();
    asked.push(`${request.method} ${request.url}`);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/abc`, asked };
}

test("a watchdog is told once", async () => {
  const { url, asked } = await watchdog();
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: url })).toBeUndefined();
  expect(asked).toEqual(["GET /ping/abc"]);
});

test("without a watchdog nothing happens", async () => {
  expect(await beat({})).toBeUndefined();
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: "" })).toBeUndefined();
});

test("one that fails is told again, three times in all", async () => {
  const hiccup = await watchdog(503);
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: hiccup.url }, [0, 0])).toBeUndefined();
  expect(hiccup.asked).toHaveLength(2);
  const dead = await watchdog(500, 500, 500, 200);
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: dead.url }, [0, 0])).toBe("it answered 500");
  expect(dead.asked).toHaveLength(3);
});

test("an address without https is refused, and no address is ever shown", async () => {
  const secret = `http://watchdog.example.com/${"s".repeat(20)}`;
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: secret }, [])).toBe("its address is no https:// address");
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: "nonsense" }, [])).toBe("its address is no https:// address");
  const gone = "http://127.0.0.1:9/secret";
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: gone }, [])).toBe("it could not be reached");
});

test("a redirect is not followed: the address goes nowhere else", async () => {
  const { url, asked } = await watchdog(302, 302, 302);
  expect(await beat({ PAT_ROTATION_HEARTBEAT_URL: url }, [])).toBe("it answered 302");
  expect(asked).toHaveLength(1);
});
