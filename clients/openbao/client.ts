import { Api, type Method, MissingCredential, type RequestOptions } from "../http";

/** Names that the CLIs read the same from: OpenBao's own, and Vault's. */
const names = {
  address: ["BAO_ADDR", "VAULT_ADDR"],
  token: ["BAO_TOKEN", "VAULT_TOKEN"],
  namespace: ["BAO_NAMESPACE", "VAULT_NAMESPACE"],
} as const;

/** All of them: what decides which server is asked, and as whom. */
export const openBaoVariables: readonly string[] = Object.values(names).flat();

/** An OpenBao or HashiCorp Vault server, over its HTTP API. Where both names of a variable are set, OpenBao's counts. */
export class OpenBao {
  readonly #api: () => Api;
  readonly #signal: AbortSignal | undefined;

  private constructor(api: () => Api, signal?: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** The server that the environment names. What is missing there fails the first request, and not the start. */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): OpenBao {
    let api: Api | undefined;
    return new OpenBao(() => {
      api ??= apiOf(env);
      return api;
    });
  }

  /** The same, for the length of one step: its requests end when the signal does. */
  within(signal: AbortSignal): OpenBao {
    return new OpenBao(this.#api, signal);
  }

  /** Sends a request and gives the answer's `data`. @throws ApiError */
  async data(method: Method, path: string, options: RequestOptions = {}): Promise<Readonly<Record<string, unknown>>> {
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    const { body } = await this.#api().request(method, `/v1/${path}`, { ...options, ...signal });
    const data = typeof body === "object" && body !== null ? (body as { data?: unknown }).data : undefined;
    return typeof data === "object" && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
  }
}

/** The variable that holds a value, and the value; nothing where none is set. */
export function given(what: keyof typeof names, env: NodeJS.ProcessEnv): readonly [string, string] | undefined {
  const name = names[what].find((one) => env[one]);
  return name === undefined ? undefined : [name, env[name] ?? ""];
}

function apiOf(env: NodeJS.ProcessEnv): Api {
  const [, baseUrl] = given("address", env) ?? missing("address", "the address of the OpenBao or Vault server");
  const [, token] =
    given("token", env) ?? missing("token", "a token of OpenBao's or Vault's that may read and write the secrets");
  const namespace = given("namespace", env);
  return new Api({
    service: "OpenBao",
    baseUrl,
    headers: {
      "x-vault-token": token,
      "x-vault-request": "true",
      ...(namespace === undefined ? {} : { "x-vault-namespace": namespace[1] }),
    },
  });
}

function missing(what: keyof typeof names, expected: string): never {
  throw new MissingCredential(names[what].join('" or "'), expected);
}
