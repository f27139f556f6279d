import { describe, expect, it } from "vitest";
import { marked, markOf } from "../../rotation/mark";

const mark = { fleet: "security-platform", account: "inventory", generation: "2026-11-23.2" };

describe("the mark", () => {
  it("stands at the end of the description, and is read back", () => {
    const text = marked("Reads the API [for real]", mark);
    expect(text).toBe("Reads the API [for real] [security-platform/inventory/2026-11-23.2]");
    expect(markOf(text)).toEqual(mark);
  });

  it("is never cut: the description gives way", () => {
    const text = marked("x".repeat(300), mark);
    expect(text).toHaveLength(255);
    expect(markOf(text)).toEqual(mark);
    expect(text).toContain("x… [");
  });

  it.each(["", "made by hand", "[a/b]", "[a/b/c] and more", "[a/b/c/d]"])("is not found in %j", (description) => {
    expect(markOf(description)).toBeUndefined();
  });
});
