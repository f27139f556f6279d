import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { type Verdict, verdict } from "../referee";
import { run } from "../workshop";

/** Runs a client's judge against a sandbox of its own. */
export async function judged(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Verdict> {
  // The newest release that the sandbox knows: its clients are asked of fine-grained tokens as well.
  const limits = { version: "19.6" } as const;
  const sandbox = await startSandbox({
    world: incident(),
    openBao: {},
    limits,
    jobMilliseconds: 20,
    workerMilliseconds: 20,
  });
  try {
    const { gitlab, environment, clock } = sandbox;
    const [executable, ...args] = command;
    const env = {
      ...process.env,
      ...options.env,
      PYTHONDONTWRITEBYTECODE: "1",
      GITLAB_BASE_URL: environment.GITLAB_BASE_URL,
      OWNER_TOKEN: gitlab.tokenValue("owner"),
      ADMIN_TOKEN: gitlab.tokenValue("admin"),
      OP_CONNECT_HOST: environment.OP_CONNECT_HOST,
      OP_CONNECT_TOKEN: environment.OP_CONNECT_TOKEN,
      BAO_ADDR: environment.BAO_ADDR,
      BAO_TOKEN: environment.BAO_TOKEN,
      TODAY: clock.now().toISOString().slice(0, 10),
    };
    const { code, stdout, output } = await run(executable, args, { ...options, env });
    if (code !== 0) throw new Error(`It ended with exit code ${code}:\n${output}`);
    return verdict(stdout);
  } finally {
    await sandbox.stop();
  }
}
