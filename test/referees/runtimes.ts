import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { made, must } from "./workshop";

const folder = (language: string) => join(__dirname, "clients", language);

/** The Python packages, as locked with their hashes, installed once; answers the folder for `PYTHONPATH`. */
export async function pythonPackages(): Promise<string> {
  const { output: using } = await must("python3", ["-VV"]);
  const locked = join(folder("python"), "requirements.txt");
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"];
  return made("python", [locked], using, (target) =>
    must("python3", [
      "-m",
      "pip",
      "install",
      ...quiet,
      "--require-hashes",
      "--target",
      target,
      "--requirement",
      locked,
    ]),
  );
}

/** The npm packages, as locked, installed once, none of their scripts run; answers their `node_modules`. */
export async function npmPackages(): Promise<string> {
  const locked = ["package.json", "package-lock.json"].map((name) => join(folder("js"), name));
  const target = await made("npm", locked, process.version, async (aside) => {
    for (const [at, name] of ["package.json", "package-lock.json"].entries())
      copyFileSync(locked[at] ?? "", join(aside, name));
    // What asks for a later Node.js than ours is not run by ours.
    await must("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: aside });
  });
  return join(target, "node_modules");
}

/** The judges in Go, built once; answers the folder that holds them. */
export async function goJudges(): Promise<string> {
  const files = ["go.mod", "go.sum", "judge/judge.go", "gitlab/main.go", "connect/main.go"];
  const { stdout: using } = await must("go", ["version"]);
  const sources = files.map((name) => join(folder("go"), name));
  return made("go", sources, using, (target) =>
    must("go", ["build", "-mod=readonly", "-o", `${target}/`, "./gitlab", "./connect"], { cwd: folder("go") }),
  );
}

/** The judge in Java with what it needs, compiled once; answers its class path. */
export async function javaClasses(): Promise<string> {
  const [pom = "", source = ""] = ["pom.xml", "GitLabJudge.java"].map((name) => join(folder("java"), name));
  const { output: using } = await must("javac", ["-version"]);
  const target = await made("java", [pom, source], using, async (aside) => {
    copyFileSync(pom, join(aside, "pom.xml"));
    const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
    const where = ["-DincludeScope=runtime", `-DoutputDirectory=${join(aside, "lib")}`];
    await must("mvn", ["--quiet", "--batch-mode", "--strict-checksums", copy, ...where], { cwd: aside });
    await must("javac", ["-nowarn", "-cp", join(aside, "lib/*"), "-d", join(aside, "classes"), source]);
  });
  return `${join(target, "lib/*")}:${join(target, "classes")}`;
}
