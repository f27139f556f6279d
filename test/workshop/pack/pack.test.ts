import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { list } from "tar";
import { afterAll, expect, test } from "vitest";
import { pack } from "../../../workshop/pack/pack";

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "pack-test-"));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

const sumOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

test("packs each plugin to the same bytes twice, with the sums of all and bills of materials that CycloneDX's own schema takes", {
  timeout: 120_000,
}, async () => {
  const [first, second] = [folder(), folder()];
  const files = await pack(first);
  await pack(second);
  expect(files.filter((file) => file.endsWith(".tar.gz"))).toEqual([
    "pulumi-resource-gitlab-v10.4.0.tar.gz",
    "pulumi-resource-onepassword-v1.2.1.tar.gz",
    "pulumi-resource-pat-rotation-v0.1.0.tar.gz",
    "pulumi-resource-runbook-v0.1.0.tar.gz",
  ]);
  for (const file of files) expect(sumOf(join(first, file)), file).toBe(sumOf(join(second, file)));
  const sums = readFileSync(join(first, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  expect(sums).toEqual(
    files.filter((file) => file !== "SHA256SUMS").map((file) => `${sumOf(join(first, file))}  ${file}`),
  );

  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  for (const file of files.filter((one) => one.endsWith(".cdx.json"))) {
    const bill = readFileSync(join(first, file), "utf8");
    expect(await validator.validate(bill), file).toBeNull();
    expect(JSON.parse(bill).components.map(({ name }: { name: string }) => name)).toContain("grpc-js");
  }

  const entries: string[] = [];
  await list({
    file: join(first, "pulumi-resource-gitlab-v10.4.0.tar.gz"),
    onReadEntry: ({ path, mode, uid }) => void entries.push(`${path} ${(mode ?? 0).toString(8)} ${uid ?? "nobody"}`),
  });
  expect(entries).toEqual(["pulumi-resource-gitlab 755 nobody", "sbom.cdx.json 644 nobody"]);
});

test("a plugin that is packed for an address says that it comes from there, under each platform's name", {
  timeout: 120_000,
}, async () => {
  const out = folder();
  const url = "https://plugins.example.com/pat-rotation";
  const files = await pack(out, url);
  expect(files).toContain("pulumi-resource-runbook-v0.1.0-linux-amd64.tar.gz");
  const archive = join(out, "pulumi-resource-runbook-v0.1.0.tar.gz");
  const opened = spawnSync("tar", ["-xzOf", archive, "pulumi-resource-runbook"], { maxBuffer: 1e9 });
  expect(opened.stdout.includes(url)).toBe(true);
});
