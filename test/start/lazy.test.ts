import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const ROOT = path.resolve(__dirname, "../..");

/** What a program prints, under what is loaded before programs. */
async function printed(program: string): Promise<string> {
  const args = ["--require", path.join(ROOT, "start/program.cjs"), "--eval", program];
  const { stdout } = await run(process.execPath, args, { cwd: ROOT });
  return stdout.trim();
}

const sdk = `const pulumi = require("@pulumi/pulumi");`;
const loaded = `Object.keys(require.cache).filter((file) => /arborist|pulumi.automation.stack\\.js|closure.create/.test(file)).length`;

test("the SDK loads neither the Automation API nor the writing down of functions", async () => {
  expect(await printed(`${sdk} console.log(${loaded});`)).toBe("0");
});

test("who asks for the Automation API is given it", async () => {
  expect(await printed(`${sdk} console.log(pulumi.automation.LocalWorkspace.name, ${loaded} > 0);`)).toBe(
    "LocalWorkspace true",
  );
});

test("who has a function written down is given its text", async () => {
  const program = `${sdk} pulumi.runtime.serializeFunction(() => 7).then(({ text }) => console.log(text.includes("return 7") || text.includes("=> 7")));`;
  expect(await printed(program)).toBe("true");
});

test("no debugger is attached at the start", async () => {
  const program = `require("@pulumi/pulumi/runtime/closure/v8Hooks").isInitializedAsync().then(() => console.log(process.moduleLoadList.includes("NativeModule inspector")));`;
  expect(await printed(program)).toBe("false");
});

test("the SDK still has each function that is replaced, by the name under which it calls it", async () => {
  const program = `
    const seams = [
      [require("@pulumi/pulumi/runtime/rpc"), "transferProperties", "runtime/resource.js"],
      [require("@pulumi/pulumi/runtime/debuggable"), "debuggablePromise", "runtime/resource.js"],
      [require("@pulumi/pulumi/runtime/dependsOn"), "getAllTransitivelyReferencedResourceURNs", "runtime/resource.js"],
      [require("@pulumi/pulumi/resource").Resource, "stackTrace", "resource.js"],
    ];
    const read = (file) => require("node:fs").readFileSync(require.resolve("@pulumi/pulumi/" + file), "utf8");
    const calls = (name, file) => new RegExp("[.]" + name + "[)]?[(]").test(read(file));
    console.log(seams.filter(([owner, name, file]) => typeof owner[name] !== "function" || !calls(name, file)).map(([, name]) => name).join());`;
  const { stdout } = await run(process.execPath, ["--eval", program], { cwd: ROOT });
  expect(stdout.trim()).toBe("");
});
