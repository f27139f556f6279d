import { expect, test } from "vitest";
import { adviceOnProxy, distrustOf } from "../../../clients/http/way";

const gitlab = new URL("https://gitlab.example.com");
const proxied = '"HTTPS_PROXY" is set, and Node.js asks without a proxy: set "NODE_USE_ENV_PROXY" to "1"';

test.each([
  [{ HTTPS_PROXY: "http://proxy:3128" }, true],
  [{ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "other.example.com, connect.example.com" }, true],
  [{ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "localhost, .example.com" }, false],
  [{ HTTPS_PROXY: "http://proxy:3128", no_proxy: "gitlab.example.com" }, false],
  [{ HTTPS_PROXY: "http://proxy:3128", no_proxy: "*" }, false],
  [{ HTTPS_PROXY: "http://proxy:3128", NODE_USE_ENV_PROXY: "1" }, false],
  [{ HTTP_PROXY: "http://proxy:3128" }, false],
  [{}, false],
])("where a server is out of reach, and %j, a proxy is spoken of: %s", (env, isTold) => {
  const advice = adviceOnProxy(gitlab, env);
  if (isTold) expect(advice).toContain(proxied);
  else expect(advice).toBeUndefined();
});

test("an authority that nobody knows is told with the variable that names it", () => {
  expect(distrustOf("SELF_SIGNED_CERT_IN_CHAIN", {})).toContain(
    'Node.js does not know the authority that signed its certificate. Set "NODE_EXTRA_CA_CERTS" to a file',
  );
  expect(distrustOf("UNABLE_TO_VERIFY_LEAF_SIGNATURE", { NODE_EXTRA_CA_CERTS: "/etc/ca.pem" })).toContain(
    'and "NODE_EXTRA_CA_CERTS" (/etc/ca.pem) does not name it',
  );
  expect(distrustOf("ECONNRESET", {})).toBeUndefined();
});
