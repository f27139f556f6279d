import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Referee } from "../referee";
import { goJudges, javaClasses, npmPackages, pythonPackages } from "../runtimes";
import { judged } from "./bench";

const folder = (language: string) => join(__dirname, language);

const python = (name: string, file: string): Referee => ({
  name,
  needs: ["python"],
  judge: async () => judged(["python3", file], { cwd: folder("python"), env: { PYTHONPATH: await pythonPackages() } }),
});

const javascript = (name: string, file: string): Referee => ({
  name,
  needs: [],
  judge: async () => judged([process.execPath, file], { cwd: folder("js"), env: { MODULES: await npmPackages() } }),
});

const go = (name: string, file: string): Referee => ({
  name,
  needs: ["go"],
  judge: async () => judged([join(await goJudges(), file)], { cwd: folder("go") }),
});

const java: Referee = {
  name: "gitlab-java",
  needs: ["java"],
  judge: async () => {
    const [, version = ""] =
      /<version>(\d[^<]*\.[^<]*)</.exec(readFileSync(join(folder("java"), "pom.xml"), "utf8")) ?? [];
    const command = ["java", "-cp", await javaClasses(), "GitLabJudge"] as const;
    return judged([...command], { cwd: folder("java"), env: { GITLAB4J: version } });
  },
};

/** Real clients of GitLab, of 1Password Connect and of OpenBao, which judge the sandbox. */
export const clients: readonly Referee[] = [
  python("gitlab-python", "gitlab_judge.py"),
  javascript("gitlab-js", "gitlab-judge.mjs"),
  go("gitlab-go", "gitlab"),
  java,
  python("connect-python", "connect_judge.py"),
  javascript("connect-js", "connect-judge.mjs"),
  go("connect-go", "connect"),
  python("openbao-python", "openbao_judge.py"),
];
