import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";

/** The project's own folder. */
export const projectFolder = resolve(__dirname, "../..");

/** A job, as far as the tests look at it. */
export interface Job {
  readonly script?: readonly string[];
  readonly extends?: string;
  readonly [key: string]: unknown;
}

interface Input {
  readonly default?: unknown;
  readonly options?: readonly string[];
  readonly regex?: string;
}

const [head, body] = parseAllDocuments(read("templates/rotation/template.yml")).map(
  (document) => document.toJS() as Record<string, unknown>,
);

/** The inputs of the component. */
export const inputs = (head as { spec: { inputs: Record<string, Input> } }).spec.inputs;

/** An entry of `include`, as far as the tests look at it. */
interface Included {
  readonly local?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** How the project's own `.gitlab-ci.yml` includes the component. What else stands there is its user's. */
export const included: Included | undefined = parseAllDocuments(read(".gitlab-ci.yml"))
  .flatMap((document) => (document.toJS() as { include?: Included | Included[] } | null)?.include ?? [])
  .find(({ local }) => local?.replace(/^\//, "") === "templates/rotation/template.yml");

/** What a file says of itself. */
interface Header {
  readonly spec?: { readonly inputs?: Readonly<Record<string, Input>> };
}

/** The inputs of the project's own pipelines. */
export const declared: Readonly<Record<string, Input>> =
  (parseAllDocuments(read(".gitlab-ci.yml"))[0]?.toJS() as Header | undefined)?.spec?.inputs ?? {};

/** The component's jobs, hidden ones too, as they are written, but for their names. */
export const written: Readonly<Record<string, Job>> = Object.fromEntries(
  Object.entries(body as Readonly<Record<string, Job>>).map(([name, job]) => [filled(name), job]),
);

/** The jobs that run, with all that they extend. */
export const jobs: Readonly<Record<string, Job>> = Object.fromEntries(
  Object.keys(written)
    .filter((name) => !name.startsWith("."))
    .map((name) => [name, extended(name)]),
);

/** A value with the defaults of the inputs in their places. */
export function filled(value: unknown): string {
  return String(value).replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => String(inputs[name]?.default));
}

/** A file of the project. */
export function read(path: string): string {
  return readFileSync(join(projectFolder, path), "utf8");
}

function extended(name: string): Job {
  const own = written[filled(name)] ?? {};
  if (own.extends === undefined) return own;
  const { variables, ...base } = extended(own.extends);
  return { ...base, ...own, variables: { ...(variables as object), ...(own.variables as object) } };
}
