import type { Tree } from "../../settings/tree";

/** A project of which only some files matter. */
export function tree(files: Readonly<Record<string, string>>): Tree {
  return {
    name: "the test",
    list: (folder) =>
      Object.keys(files)
        .filter((path) => (folder === "" ? !path.includes("/") : path.startsWith(`${folder}/`)))
        .sort(),
    links: () => [],
    read: (path) => files[path],
  };
}

/** One account as YAML, such as a file of its own holds. */
export function accountYaml(name: string, more = ""): string {
  return `name: ${name}
account: { group: security, username: ${name}-bot }
token: { name: ${name}, scopes: [read_api] }
rotation: { startsOn: "2026-11-23" }
${more}`;
}

/** A stack's file with one account, and lines of one's own. */
export function stackYaml(more = ""): string {
  const account = accountYaml("inventory")
    .trim()
    .split("\n")
    .map((line, index) => `${index === 0 ? "    - " : "      "}${line}`);
  return ["config:", "  pat-rotation:fleet: platform", "  pat-rotation:accounts:", ...account, more, ""].join("\n");
}

/** A stack's file that no policy objects to. */
export const soundYaml = stackYaml(
  [
    "      onePassword: [{ vault: Security, item: Inventory }]",
    "      variables: [{ project: security/builder, key: TOKEN, masked: true }]",
    "      proof: [{ project: security/builder, schedule: Weekly }]",
  ].join("\n"),
);
