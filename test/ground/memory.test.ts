import { expect, test, vi } from "vitest";
import { Memory } from "../../ground/memory";

test("what is asked for twice at once is looked up once, until it is forgotten", async () => {
  const memory = new Memory();
  const load = vi.fn(async () => "found");
  expect(await Promise.all([memory.remember("a", load), memory.remember("a", load)])).toEqual(["found", "found"]);
  expect(load).toHaveBeenCalledTimes(1);
  memory.forget("a");
  await memory.remember("a", load);
  expect(load).toHaveBeenCalledTimes(2);
});

test("what fails is looked up again", async () => {
  const memory = new Memory();
  await expect(memory.remember("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await memory.remember("a", async () => "there")).toBe("there");
});
