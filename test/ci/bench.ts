import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedEngine, killTree, pulumiCli } from "../../engines/engine";
import type { Sandbox } from "../../workshop/sandbox/controls";
import { startSandbox } from "../../workshop/sandbox/sandbox";
import { passphrase } from "../../workshop/sandbox/stack";
import { incident } from "../../workshop/sandbox/worlds/incident";
import { soundYaml } from "../settings/trees";
import { type Ended, GitlabCiLocal, installGitlabCiLocal, type Pipeline } from "./gitlabCiLocal";
import { evil, inProject, project, scoped } from "./kinds";
import { type Files, Repository } from "./repository";
import { projectFolder, read } from "./template";

/** The stack that merge requests are about, in place of what the project declares. */
export const stackFile = "Pulumi.prod.yaml";

/** The project in a repository of its own, its credentials set up as docs/ci.md says, and the sandbox's GitLab above it. */
export class CiBench {
  /** What the watchdog was asked. */
  readonly beats: string[] = [];
  /** All logs so far. */
  printed = "";
  readonly #folder = mkdtempSync(join(tmpdir(), "ci-"));

  private constructor(
    readonly sandbox: Sandbox,
    readonly repository: Repository,
    readonly local: GitlabCiLocal,
    private readonly watchdog: Server,
  ) {
    for (const name of ["backend", "backend-eu"]) mkdirSync(join(this.#folder, name));
    watchdog.on("request", (request, response) => {
      this.beats.push(`${request.method} ${request.url}`);
      response.writeHead(204).end();
    });
  }

  /** Starts everything. The pipelines are the project's own, for the sandbox's stack, with changes of one's own. */
  static async start(more: (pipelines: string) => Files = () => ({})): Promise<CiBench> {
    installGitlabCiLocal();
    const pipelines = read(".gitlab-ci.yml").replace("stack: prod", "stack: sandbox\n      pages: true");
    const changed = more(pipelines);
    const world = incident();
    const request = { author: "build.developer", createdAt: "2026-11-20T09:00:00.000Z", sourceBranch: evil };
    const sandbox = await startSandbox({
      jobMilliseconds: 50,
      workerMilliseconds: 20,
      world: {
        ...world,
        projects: world.projects.map((one) =>
          one.path === project
            ? { ...one, files: { ...one.files, ...changed }, mergeRequests: [{ ...request, title: evil }] }
            : one,
        ),
      },
    });
    const files = { ".gitlab-ci.yml": pipelines, [stackFile]: soundYaml, ...changed };
    const repository = new Repository(files, projectFolder);
    const watchdog = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => watchdog.once("listening", resolve));
    return new CiBench(sandbox, repository, new GitlabCiLocal(repository.clone), watchdog);
  }

  /** Stops everything and deletes what was stored. */
  async stop(): Promise<void> {
    this.local.remove();
    this.repository.remove();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    this.watchdog.close();
    await this.sandbox.stop();
  }

  /** Runs a job in a fresh clone of the default branch; in a merge request's, of that. */
  async run(name: string, pipeline: Pipeline, onLog?: (kill: () => void) => void): Promise<Ended> {
    const isMergeRequest = pipeline.predefined.CI_PIPELINE_SOURCE === "merge_request_event";
    this.repository.refresh(isMergeRequest ? "refs/merge-requests/1/head" : "refs/heads/main");
    const variables = isMergeRequest ? {} : this.#variables();
    let told = false;
    const ended = await this.local.job(name, inProject(pipeline, this.sandbox, variables), (_, child) => {
      if (told) return;
      told = true;
      onLog?.(() => child.pid !== undefined && killTree(child.pid));
    });
    this.printed += ended.log;
    return ended;
  }

  /** Makes a stack, as a person does once, with what the jobs of an environment have; for a CLI that is lacking the embedded engine stands in. */
  initialize(stack: string, environment: string): void {
    const embedded = embeddedEngine.command.map((word) => `'${word}'`).join(" ");
    const standIn = `#!/bin/sh\n[ "$1" = version ] && echo v3.0.0 || exec ${embedded} "$@"\n`;
    this.local.lacking("pulumi", standIn);
    const [command, ...first] = (pulumiCli() ?? embeddedEngine).command;
    const values = Object.entries(this.#variables()).flatMap(([name, variable]) => {
      const value: string | undefined = (variable.values as Record<string, string>)[environment];
      return value === undefined ? [] : [[name, value]];
    });
    const folder = mkdtempSync(join(this.#folder, "new-"));
    for (const file of ["Pulumi.yaml", `Pulumi.${stack}.yaml`])
      cpSync(join(this.repository.clone, file), join(folder, file));
    const env = { ...process.env, ...Object.fromEntries(values), PULUMI_SKIP_UPDATE_CHECK: "true" };
    execFileSync(command, [...first, "stack", "init", stack], { cwd: folder, env });
  }

  /** Notes that a person started the update of an environment for a commit. */
  approve(sha: string, name = "rotation"): void {
    this.sandbox.gitlab.state.projects.get(project)?.deployments.push({
      id: Date.now(),
      environment: name,
      ref: "main",
      sha,
      status: "success",
      userId: 12,
      createdAt: "2026-11-20T10:00:00.000Z",
      job: { id: 901, name: `${name}-up`, startedAt: "2026-11-20T10:00:00.000Z" },
    });
  }

  /** The secrets that stand in plain text in a log, or in a file that a job left in its clone. */
  leaks(): string[] {
    const { OP_CONNECT_TOKEN = "" } = this.sandbox.environment;
    const secrets = [
      ...this.sandbox.gitlab.issuedTokens(),
      OP_CONNECT_TOKEN,
      ...this.sandbox.gitlab.state.jobTokens.keys(),
    ];
    const holds = (text: string) => secrets.some((secret) => secret !== "" && text.includes(secret));
    const files = readdirSync(this.repository.clone, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes("/node_modules/"))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => holds(readFileSync(file, "latin1")));
    return holds(this.printed) ? ["a job's log", ...files] : files;
  }

  #variables() {
    const { GITLAB_TOKEN, OP_CONNECT_HOST, OP_CONNECT_TOKEN, PAT_ROTATION_AS_OF } = this.sandbox.environment;
    const { port } = this.watchdog.address() as AddressInfo;
    const notes = this.sandbox.gitlab.tokenValue("developer");
    const both = (of: (environment: string) => string | undefined) =>
      scoped(Object.fromEntries(["rotation", "rotation-eu"].map((environment) => [environment, of(environment)])));
    const state = (environment: string, name: string) =>
      join(this.#folder, environment === "rotation" ? name : `${name}-eu`);
    return {
      GITLAB_TOKEN: scoped({ ...both(() => GITLAB_TOKEN).values, "rotation-notes": notes }),
      OP_CONNECT_HOST: both(() => OP_CONNECT_HOST),
      OP_CONNECT_TOKEN: both(() => OP_CONNECT_TOKEN),
      PULUMI_BACKEND_URL: both((environment) => `file://${state(environment, "backend")}`),
      PULUMI_CONFIG_PASSPHRASE: both(() => passphrase),
      PULUMI_HOME: both((environment) => state(environment, "home")),
      PAT_ROTATION_HEARTBEAT_URL: both(
        (environment) => `http://127.0.0.1:${port}/ping${environment === "rotation" ? "" : "-eu"}`,
      ),
      // The sandbox has a clock of its own.
      PAT_ROTATION_AS_OF: scoped({ ...both(() => PAT_ROTATION_AS_OF).values, "rotation-notes": PAT_ROTATION_AS_OF }),
    };
  }
}
