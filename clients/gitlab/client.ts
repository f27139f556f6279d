import { type Answer, Api, type Method, MissingCredential, type RequestOptions, StrangeAnswer } from "../http";
import { allowance } from "./limits";
import { type Read, Shape, strange } from "./shape";

type Options = Pick<RequestOptions, "query" | "body" | "signal">;

/** Where a list ends in any case: GitLab shows no more than 50,000 rows by pages. */
const MOST_PAGES = 500;

/**
 * GitLab's REST API v4 as one user. What can be asked of it stands in `api/`, one file for each noun: functions that take
 * a client first.
 */
export class GitLab {
  /** The web address of the instance, without a slash at the end. */
  readonly baseUrl: string;
  readonly #api: Api;
  readonly #token: string;
  readonly #signal: AbortSignal | undefined;

  private constructor(baseUrl: string, api: Api, token: string, signal?: AbortSignal) {
    this.baseUrl = baseUrl;
    this.#api = api;
    this.#token = token;
    this.#signal = signal;
  }

  /**
   * The instance and the credential that `GITLAB_BASE_URL` and `GITLAB_TOKEN` name.
   *
   * @throws MissingCredential when one is not set: there is no default instance, a token goes only where it was meant to.
   */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): GitLab {
    const baseUrl = env.GITLAB_BASE_URL;
    const token = env.GITLAB_TOKEN;
    if (!baseUrl)
      throw new MissingCredential("GITLAB_BASE_URL", "the address of your GitLab, such as https://gitlab.com");
    if (!token)
      throw new MissingCredential(
        "GITLAB_TOKEN",
        "an access token with the scope api, of an owner of the group (or project) that owns the accounts",
      );
    return GitLab.connect(baseUrl.replace(/\/+$/, "").replace(/\/api\/v4$/, ""), token);
  }

  /**
   * The instance that runs this CI/CD job, as the job itself: it may read the deployments of its own project, and little
   * else.
   *
   * @throws MissingCredential outside of GitLab CI.
   */
  static fromJob(env: NodeJS.ProcessEnv = process.env): GitLab {
    const { CI_SERVER_URL: baseUrl, CI_JOB_TOKEN: token } = env;
    if (!baseUrl || !URL.canParse(baseUrl))
      throw new MissingCredential("CI_SERVER_URL", "the address of the GitLab that runs this job");
    if (!token) throw new MissingCredential("CI_JOB_TOKEN", "the token of this job, which GitLab CI sets");
    return GitLab.connect(baseUrl.replace(/\/+$/, ""), token, "JOB-TOKEN");
  }

  private static connect(baseUrl: string, token: string, header = "PRIVATE-TOKEN"): GitLab {
    const headers = { [header]: token };
    const api = new Api({ service: "GitLab", baseUrl: `${baseUrl}/api/v4`, headers, allowance });
    return new GitLab(baseUrl, api, token);
  }

  /** How far our clock was ahead of GitLab's when it last answered, in milliseconds; below zero when it was behind. */
  get ahead(): number {
    return this.#api.ahead;
  }

  /** Whether GitLab answered for something below a path from another place: then what the path names has moved. */
  isMoved(path: string): boolean {
    return [...this.#api.redirected].some((one) => one === path || one.startsWith(`${path}/`));
  }

  /** Whether this is the token that the client itself uses. */
  uses(token: string): boolean {
    return token === this.#token;
  }

  /** The same instance, as the user of another token: to find out whether that token works. */
  withToken(token: string): GitLab {
    const other = GitLab.connect(this.baseUrl, token);
    return this.#signal === undefined ? other : other.within(this.#signal);
  }

  /** The same, for the length of one step: its requests end when the signal does. */
  within(signal: AbortSignal): GitLab {
    return new GitLab(this.baseUrl, this.#api, this.#token, signal);
  }

  /** Reads one thing. */
  async get<T>(path: string, read: Read<T>, query?: Options["query"]): Promise<T> {
    const answer = await this.#request("GET", path, query === undefined ? {} : { query });
    return read(new Shape(answer.body, { method: "GET", path }));
  }

  /**
   * Reads a list, page after page.
   *
   * @param enough - ends the reading early, given all that was read so far.
   */
  async list<T>(
    path: string,
    read: Read<T>,
    query: Options["query"] = {},
    enough: (found: readonly T[]) => boolean = () => false,
  ): Promise<T[]> {
    const found: T[] = [];
    const seen = new Set<string>();
    let next: Options["query"] | undefined = { per_page: 100, ...query };
    while (next !== undefined) {
      const page = JSON.stringify(next);
      if (seen.has(page) || seen.size === MOST_PAGES)
        throw new Error(
          `reading the list at GET ${path}: after ${seen.size} pages GitLab still names ${seen.has(page) ? "one that was read already" : "another one"} as the next. Check that "GITLAB_BASE_URL" is the address of a GitLab, and that no proxy changes its answers`,
        );
      seen.add(page);
      const answer: Answer = await this.#request("GET", path, { query: next });
      found.push(...Shape.list(answer.body, { method: "GET", path }).map(read));
      if (enough(found)) break;
      next = nextPage(answer.headers);
    }
    return found;
  }

  /**
   * Writes once. A failure of which `mayHaveHappened` is true must be looked up before it is written again.
   *
   * @param read - takes out of the answer what only GitLab can say, and what shows that it is done.
   */
  async write<T>(
    method: Exclude<Method, "GET" | "DELETE">,
    path: string,
    read: Read<T>,
    options: Pick<RequestOptions, "query" | "body"> = {},
  ): Promise<T> {
    const answer = await this.#request(method, path, options);
    return read(new Shape(answer.body, { method, path }));
  }

  /**
   * Deletes once. Done is what GitLab answers with 204; whoever answers something else need not be GitLab, and then it is
   * looked at.
   *
   * @param isDone - looks whether it is done.
   */
  async remove(path: string, isDone: () => Promise<boolean>, query: Options["query"] = {}): Promise<void> {
    const [request, doubt] = [
      { method: "DELETE", path } as const,
      "which does not say that it is done, and a look does not show it",
    ];
    const said = await this.#request("DELETE", path, { query }).catch((error: unknown) => {
      if (error instanceof StrangeAnswer) return error;
      throw error;
    });
    if (said.status === 204) return;
    // A look that fails as well says nothing.
    if (await isDone().catch(() => false)) return;
    throw said instanceof StrangeAnswer ? said : strange(request, `GitLab answered ${said.status}, ${doubt}`);
  }

  #request(method: Method, path: string, options: Options): Promise<Answer> {
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    return this.#api.request(method, path, { ...options, ...signal });
  }
}

/** The query of the next page. Only the query of the link is used: behind a proxy its host may not be the one we talk to. */
function nextPage(headers: Headers): Record<string, string> | undefined {
  const link = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(headers.get("link") ?? "")?.[1];
  if (link === undefined || !URL.canParse(link, "http://localhost")) return undefined;
  return Object.fromEntries(new URL(link, "http://localhost").searchParams);
}
