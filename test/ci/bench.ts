import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { passphrase } from "../../sandbox/stack";
import { incident } from "../../sandbox/worlds/incident";
import { killTree } from "../../scripts/engine";
import { soundYaml } from "../settings/trees";
import { type Ended, GitlabCiLocal, installGitlabCiLocal, type Pipeline } from "./gitlabCiLocal";
import { evil, inProject, project, scoped } from "./kinds";
import { Repository } from "./repository";
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
    mkdirSync(join(this.#folder, "backend"));
    watchdog.on("request", (request, response) => {
      this.beats.push(`${request.method} ${request.url}`);
      response.writeHead(204).end();
    });
  }

  /** Starts everything. The pipelines are the project's own, for the sandbox's stack. */
  static async start(): Promise<CiBench> {
    installGitlabCiLocal();
    const world = incident();
    const request = { author: "build.developer", createdAt: "2026-11-20T09:00:00.000Z", sourceBranch: evil };
    const sandbox = await startSandbox({
      jobMilliseconds: 50,
      workerMilliseconds: 20,
      world: {
        ...world,
        projects: world.projects.map((one) =>
          one.path === project ? { ...one, mergeRequests: [{ ...request, title: evil }] } : one,
        ),
      },
    });
    const pipelines = read(".gitlab-ci.yml").replace("stack: prod", "stack: sandbox");
    const files = { ".gitlab-ci.yml": pipelines, [stackFile]: soundYaml };
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

  /** Notes that a person started `rotation-up` for a commit. */
  approve(sha: string): void {
    this.sandbox.gitlab.state.projects.get(project)?.deployments.push({
      id: Date.now(),
      environment: "rotation",
      ref: "main",
      sha,
      status: "success",
      userId: 12,
      createdAt: "2026-11-20T10:00:00.000Z",
      job: { id: 901, name: "rotation-up", startedAt: "2026-11-20T10:00:00.000Z" },
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
    return {
      GITLAB_TOKEN: { values: { rotation: GITLAB_TOKEN ?? "", "rotation-notes": notes } },
      OP_CONNECT_HOST: scoped("rotation", OP_CONNECT_HOST),
      OP_CONNECT_TOKEN: scoped("rotation", OP_CONNECT_TOKEN),
      PULUMI_BACKEND_URL: scoped("rotation", `file://${join(this.#folder, "backend")}`),
      PULUMI_CONFIG_PASSPHRASE: scoped("rotation", passphrase),
      PULUMI_HOME: scoped("rotation", join(this.#folder, "home")),
      PAT_ROTATION_HEARTBEAT_URL: scoped("rotation", `http://127.0.0.1:${port}/ping`),
      // The sandbox has a clock of its own.
      PAT_ROTATION_AS_OF: {
        values: { rotation: PAT_ROTATION_AS_OF ?? "", "rotation-notes": PAT_ROTATION_AS_OF ?? "" },
      },
    };
  }
}
