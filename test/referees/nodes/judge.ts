import { copyFileSync, existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Referee } from "../referee";
import { made, must, run } from "../workshop";

const project = resolve(__dirname, "../../..");
const foldersOf = (folder: string) =>
  readdirSync(join(project, folder), { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? [`${folder}/${one.name}/`] : [],
  );
/** What plays whole rotations takes minutes, and runs on one Node.js in the tests. */
const whole = ["test/e2e/", "test/scenarios/", "test/takeover/", "test/workshop/", "test/workshop/soak/"];
/** All unit tests. */
const unit = ["test", "test/workshop"].flatMap(foldersOf).filter((name) => !whole.includes(name));

/** The folders with the executables, oldest release first, installed once. */
async function releases(): Promise<string[]> {
  const locked = ["package.json", "package-lock.json"];
  const from = locked.map((name) => join(__dirname, name));
  const folder = await made("nodes", from, process.arch, async (aside) => {
    for (const name of locked) copyFileSync(join(__dirname, name), join(aside, name));
    await must("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: aside });
  });
  const modules = join(folder, "node_modules");
  const names = existsSync(modules) ? readdirSync(modules).filter((name) => /^node\d+-/.test(name)) : [];
  return names.sort().map((name) => join(modules, name, "bin"));
}

/** What Node.js or npm itself says beside what the project prints. */
const warnings = (text: string) =>
  text.split("\n").filter((line) => /^npm warn|^\(node:\d+\)|\w+Warning: /i.test(line.trim()));

/** The releases of Node.js that users have: the README's two commands on each, without a warning. */
export const nodes: Referee = {
  name: "node",
  needs: ["linux"],
  judge: async () => {
    const [right, wrong]: [string[], string[]] = [[], []];
    const versions: string[] = [];
    for (const bin of await releases()) {
      const PATH = [realpathSync(bin), process.env.PATH].join(delimiter);
      const env = { ...process.env, PATH, NO_COLOR: "1" };
      const { stdout } = await must("node", ["--version"], { env });
      versions.push(stdout.trim());
      const trials: readonly (readonly [string, readonly string[]])[] = [
        ["npm run demo", ["run", "demo"]],
        ["npm test, for all unit tests", ["test", "--", ...unit]],
      ];
      for (const [what, args] of trials) {
        const since = Date.now();
        const { code, output } = await run("npm", args, { cwd: project, env });
        const took = `${Math.round((Date.now() - since) / 1000)} s`;
        const said = warnings(output);
        if (code === 0 && said.length === 0) right.push(`${what}, on Node.js ${stdout.trim()} (${took})`);
        else if (code === 0) wrong.push(`${what}, on Node.js ${stdout.trim()}: warns ${said.join(" ")}`);
        else wrong.push(`${what}, on Node.js ${stdout.trim()}: exit code ${code}\n${output.slice(-6000)}`);
      }
    }
    if (versions.length === 0)
      throw new Error(`There is no Node.js of other releases for ${process.platform} on ${process.arch}`);
    return { judge: `Node.js ${versions.join(", ")}`, right, wrong };
  },
};
