import { readFileSync } from "node:fs";
import { join } from "node:path";
import { made, must } from "../workshop";

const files = ["go.mod", "go.sum", "language/main.go"].map((name) => join(__dirname, name));
const sdk = "github.com/pulumi/pulumi/sdk/v3";

let found: Promise<string> | undefined;

/** Builds the Pulumi CLI from its Go module, and our language host beside it, once; answers the folder that holds both. */
export function built(): Promise<string> {
  found ??= build();
  return found;
}

async function build(): Promise<string> {
  const [, version] = new RegExp(`${sdk} (v\\S+)`).exec(readFileSync(join(__dirname, "go.mod"), "utf8")) ?? [];
  const { stdout: go } = await must("go", ["version"]);
  return made("pulumi", files, go, async (folder) => {
    const compile = (name: string, what: string) =>
      must("go", ["build", "-mod=readonly", "-ldflags", ldflags(version), "-o", join(folder, name), what], {
        cwd: __dirname,
      });
    await compile("pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi");
    await compile("pulumi-language-nodejs", "./language");
  });
}

function ldflags(version: string | undefined): string {
  return `-s -w -X ${sdk}/go/common/version.Version=${version}`;
}
