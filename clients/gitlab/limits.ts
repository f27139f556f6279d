import type { Allowance } from "../http/pace";

const MINUTE = 60_000;

/**
 * Endpoints with limits of their own, which no answer announces: as GitLab.com publishes them for one user. Those of an instance
 * are the same by default, but for notes (300 a minute there).
 */
const endpoints: readonly (Allowance & { readonly method: string; readonly path: RegExp })[] = [
  { kind: "a user", method: "GET", path: /^\/users\/\d+$/, requests: 300, milliseconds: 10 * MINUTE },
  { kind: "a project", method: "GET", path: /^\/projects\/[^/]+$/, requests: 400, milliseconds: MINUTE },
  { kind: "a group", method: "GET", path: /^\/groups\/[^/]+$/, requests: 400, milliseconds: MINUTE },
  { kind: "a new issue", method: "POST", path: /^\/projects\/[^/]+\/issues$/, requests: 200, milliseconds: MINUTE },
  { kind: "a new note", method: "POST", path: /\/notes$/, requests: 60, milliseconds: MINUTE },
];

/** What GitLab takes of a request's kind, where that has a limit of its own. */
export function allowance(method: string, path: string): Allowance | undefined {
  return endpoints.find((one) => one.method === method && one.path.test(path));
}
