import { isLoopback } from "../../ground/now";

/** What speaks against the way to the servers: an address without TLS, or certificates that nobody looks at. */
export function transportFaults(env: NodeJS.ProcessEnv = process.env): string[] {
  const plain = ["GITLAB_BASE_URL", "OP_CONNECT_HOST", "BAO_ADDR", "VAULT_ADDR"].filter((name) => isPlain(env[name]));
  return [
    ...plain.map((name) => `"${name}" has no TLS: tokens pass in plain text to whoever is on the way. Write https`),
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === "0"
      ? [
          `"NODE_TLS_REJECT_UNAUTHORIZED" is "0": anybody on the way can pass for GitLab, 1Password or OpenBao, and gets the tokens. Unset it; for an authority of your own, name its certificate in "NODE_EXTRA_CA_CERTS"`,
        ]
      : []),
  ];
}

function isPlain(url: string | undefined): boolean {
  return url?.startsWith("http:") === true && !isLoopback(url);
}
