import { startSandbox } from "../sandbox/sandbox";
import { whoCanRead } from "./who-can-read";

(async () => {
  const sandbox = await startSandbox();
  Object.assign(process.env, sandbox.environment);
  const out = await whoCanRead(["inventory", "-s", "sandbox"], { folder: process.cwd(), environment: process.env });
  console.log(out.stdout, "---", out.stderr, out.code);
  console.log(
    sandbox.traffic.requests
      .map((r) => `${r.service} ${r.method} ${decodeURIComponent(r.path)} ${r.status}`)
      .join("\n"),
  );
  await sandbox.stop();
})();
