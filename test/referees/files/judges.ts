import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { ics } from "../../../reports/ics";
import { inputs, read } from "../../ci/template";
import { evilSettings, full, planOf } from "../../reports/plans";
import { machineReports } from "../../reports/readings";
import { type Referee, type Verdict, verdict } from "../referee";
import { pythonPackages } from "../runtimes";
import { must, run } from "../workshop";
import { html5 } from "./pages";

/** Has a judge in Python look at texts, each under the name of a file. */
async function looked(
  what: "ics" | "ci" | "metrics" | "junit",
  texts: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), `${what}-`));
  try {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    const env = { ...process.env, PYTHONPATH: await pythonPackages(), PYTHONDONTWRITEBYTECODE: "1" };
    const { stdout } = await must("python3", [join(__dirname, "files_judge.py"), what, folder], { env });
    return verdict(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The documents of a CI/CD file, each a file of its own: the header with the inputs, and what the pipeline is made of. */
function documents(path: string, name: string): Record<string, string> {
  const [head, body] = parseAllDocuments(read(path)).map((document) => document.toJS() as unknown);
  // GitLab puts the inputs in their places first.
  const filled = stringify(body).replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, input: string) => {
    const value = inputs[input]?.default;
    return Array.isArray(value) ? JSON.stringify(value) : String(value);
  });
  return { [`inputs-of-${name}.yml`]: stringify(head), [`jobs-of-${name}.yml`]: filled };
}

const calendars: Referee = {
  name: "ics",
  needs: ["python"],
  judge: () => looked("ics", { "a-whole-plan.ics": ics(full), "hostile-names.ics": ics(planOf(evilSettings)) }),
};

const schema: Referee = {
  name: "ci-schema",
  needs: ["python"],
  judge: () =>
    looked("ci", {
      ...documents(".gitlab-ci.yml", "the-project"),
      ...documents("templates/rotation/template.yml", "the-component"),
    }),
};

/** Those reports of {@link machineReports} whose names end so. */
function ending(extension: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(machineReports).filter(([name]) => name.endsWith(extension)));
}

const metrics: Referee = { name: "openmetrics", needs: ["python"], judge: () => looked("metrics", ending(".prom")) };

const testReports: Referee = { name: "junit", needs: ["python"], judge: () => looked("junit", ending(".xml")) };

const pipelines: Referee = {
  name: "ci",
  // It needs Node.js 22, and brings one for Linux.
  needs: Number(process.versions.node.split(".")[0]) >= 22 ? [] : ["linux"],
  judge: async () => {
    const { version } = JSON.parse(read("test/ci/local/package-lock.json")).packages["node_modules/gitlab-ci-local"];
    const tested = "test/ci/pipelines.test.ts";
    const { code, output } = await run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", tested], {
      cwd: resolve(__dirname, "../../.."),
      env: { ...process.env, NO_COLOR: "1" },
    });
    const judge = `gitlab-ci-local ${version}`;
    return code === 0
      ? { judge, right: [`the pipelines of each kind (${tested})`], wrong: [] }
      : { judge, right: [], wrong: [`${tested}:\n${output.slice(-6000)}`] };
  },
};

/** What judges the files that the project writes or is made of. */
export const files: readonly Referee[] = [pipelines, schema, calendars, metrics, testReports, html5];
