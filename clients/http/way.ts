/**
 * Why the other side's certificate is not accepted, and what to do; undefined where a code is about nothing of the kind. Not a
 * byte of a request was sent then.
 */
export function distrustOf(code: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return "its certificate is not valid on this day. Have it renewed, and check this machine's clock";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "its certificate is for another name. Write the address with the name that the certificate is for";
  if (!/CERT|SIGNATURE|ISSUER/.test(code)) return undefined;
  const file = env.NODE_EXTRA_CA_CERTS;
  const found = file ? `, and "NODE_EXTRA_CA_CERTS" (${file}) does not name it` : "";
  return `Node.js does not know the authority that signed its certificate${found}. Set "NODE_EXTRA_CA_CERTS" to a file with your company's CA certificate (PEM), and run again. Never switch the check off: our credential would go to whoever answers`;
}

/** What to set when a server cannot be reached and the environment names a proxy. */
export function adviceOnProxy(url: URL, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const proxy = proxyOf(url, env);
  if (proxy === undefined || env.NODE_USE_ENV_PROXY === "1") return undefined;
  return `"${proxy}" is set, and Node.js asks without a proxy: set "NODE_USE_ENV_PROXY" to "1", with Node.js 22.21, 24 or later`;
}

/** The variable that names a proxy for an address; none for what is to be asked without one. */
function proxyOf({ protocol, hostname }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const scheme = protocol.slice(0, -1);
  const name = [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`].find((one) => env[one]);
  const direct = (env.no_proxy ?? env.NO_PROXY ?? "").split(/[\s,]+/).map((one) => one.replace(/^\*?\./, ""));
  const isDirect = direct.some((one) => one === "*" || (one !== "" && `.${hostname}`.endsWith(`.${one}`)));
  return isDirect ? undefined : name;
}
