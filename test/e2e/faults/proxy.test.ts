import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { engines } from "../engines";
import { Situation, writes } from "../situation";

describe.each(engines)("behind a proxy on the $name", (engine) => {
  test.each(["example.com, 127.0.0.1", "", "example.com"])(
    'a run asks it for nothing on this machine, with no_proxy "%s"',
    { timeout: 120_000 },
    async (no_proxy) => {
      let connections = 0;
      const proxy = createServer((socket) => {
        connections++;
        socket.destroy();
      });
      await once(proxy.listen(0, "127.0.0.1"), "listening");
      const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const environment = { http_proxy: address, https_proxy: address, HTTPS_PROXY: address, no_proxy };
      const situation = await Situation.start(engine, {
        environment: (sandbox) => ({ ...sandbox.environment, ...environment }),
      });
      try {
        const preview = await situation.preview();
        expect(preview.code, preview.output).toBe(0);
        expect(preview.requests.length).toBeGreaterThan(0);
        expect(writes(preview.requests)).toEqual([]);
        expect(connections).toBe(0);
      } finally {
        await situation.stop();
        proxy.close();
      }
    },
  );
});
