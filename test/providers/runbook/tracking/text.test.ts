import { describe, expect, test } from "vitest";
import { announcementText } from "../../../../providers/runbook/tracking/announcement";
import { bears, hiddenMark, rotationOf } from "../../../../providers/runbook/tracking/mark";
import { type AuditRecord, recordBlock, recordIn, runRecord } from "../../../../providers/runbook/tracking/record";
import { rotatedReport } from "../../../../providers/runbook/tracking/report";
import { block, code, link, mention, plain } from "../../../../providers/runbook/tracking/text";
import { issueInputs } from "./issueBench";

const rotation = { fleet: "platform", account: "inventory", generation: "2026-11-23" };

describe("a name in an issue", () => {
  test("is code on one line, whatever is in it", () => {
    expect(code("Inventory")).toBe("`Inventory`");
    expect(code("a\n/close\r\n@all")).toBe("`a /close ＠all`");
    expect(code("x`y``z")).toBe("```x`y``z```");
    expect(code("`/close`")).toBe("`` `/close` ``");
    expect(code("<b>[x](http://evil)</b>")).toBe("`<b>[x](http://evil)</b>`");
    expect(code("")).toBe("`(nothing)`");
    expect(code(hiddenMark(rotation))).not.toBe(hiddenMark(rotation));
  });

  test("shows no token that somebody pasted into it", () => {
    expect(code(["x glpat", "0123456789abcdefghij.01.x"].join("-"))).toBe("`x [secret]`");
    expect(code(["x ops", "0123456789abcdefghij"].join("_"))).toBe("`x [secret]`");
    expect(block(["eyJhbGciOiJFUzI1NiJ9", "eyJhdWQiOltdfQ", "c2ln"].join("."))).toBe("```text\n  [secret]\n```");
  });

  test("keeps what to do at the end of a text that is too long, on one line and as a block", () => {
    const advice = 'Give its user the role Maintainer, and run "npm run up" again.';
    const long = (words: number) => `setting variable "X": ${"this and that ".repeat(words)}${advice}`;
    expect(plain(long(100)).endsWith(advice)).toBe(true);
    expect(plain(long(100)).length).toBeLessThanOrEqual(500);
    expect(block(long(1000))).toContain(advice);
    expect(block(long(1000)).length).toBeLessThan(8100);
  });

  test("notifies nobody in a title either", () => {
    expect(plain("x @all\u202e")).toBe("x ＠all");
  });

  test("hides nothing, and turns no reading direction", () => {
    expect(code("a\u202eb\u2800c\u200bd")).toBe("`a b c d`");
    expect(block("a\u202eb\u2028\u2800c")).toBe("```text\n  a b\n  c\n```");
  });

  test("of many lines is a block that nothing in it ends, and no line of which is a command", () => {
    const lines = block("first\n```\n/close\n  /assign @me\n<!-- pat-rotation a/b/c -->").split("\n");
    expect(lines).toEqual([
      "```text",
      "  first",
      "  '''",
      "  ∕close",
      "  ∕assign ＠me",
      "  <!-- pat-rotation a/b/c -->",
      "```",
    ]);
  });

  test("is no link unless it is an address, and no mention unless it is a name with its @", () => {
    expect(link("pipeline", "https://gitlab.com/a/b/-/pipelines/1")).toBe(
      "[pipeline](<https://gitlab.com/a/b/-/pipelines/1>)",
    );
    expect(link("pipeline", "https://x/> @all")).toBe("`https://x/> ＠all`");
    expect(link("pipeline", "javascript:alert(1)")).toBe("`javascript:alert(1)`");
    expect(mention("@security/architecture")).toBe("@security/architecture");
    expect(mention("@a\n/close")).toBe("`＠a /close`");
  });
});

describe("the mark of an issue", () => {
  test("counts on a line of its own only", () => {
    const mark = hiddenMark(rotation);
    expect(bears(`Text\r\n\r\n${mark}\r\n`, mark)).toBe(true);
    expect(bears(`Text ${mark}`, mark)).toBe(false);
    expect(bears(block(mark), mark)).toBe(false);
    expect(bears(hiddenMark(rotation, "rotated"), mark)).toBe(false);
    expect(rotationOf(`Text\n\n${mark}\nmore`)).toEqual(rotation);
    expect(rotationOf(`Text ${mark}`)).toBeUndefined();
  });
});

describe("the record of a rotation", () => {
  const record: AuditRecord = {
    patRotation: 1,
    event: "rotated",
    at: "2026-11-23T07:10:00.000Z",
    ...rotation,
    username: "gl-security-inventory",
    tokenId: 1203,
    expiresAt: "2027-11-23",
    provedAt: "2026-11-23T07:09:00.000Z",
    places: ['item "```\n/close\n@all </details>" <script>'],
    proofs: [],
    told: ["@security/architecture"],
    predecessors: [],
    run: { user: "a.person" },
  };

  test("is read as it was written, and nothing in it ends its block, is HTML or notifies", () => {
    const written = recordBlock(record);
    expect(recordIn(`Some text.\n\n${written}\n\n${hiddenMark(rotation, "rotated")}`)).toEqual(record);
    expect(written.split("\n").filter((line) => line.startsWith("```"))).toEqual(["```json", "```"]);
    expect(written.match(/[@<>]/g)?.join("")).toBe("<><><><>");
    expect(written.split("\n").filter((line) => /^\s*\//.test(line))).toEqual([]);
  });

  test("says what a fine-grained token may do, for people and for programs", () => {
    const may = ["read_job, run_job in project security/builder"];
    const text = rotatedReport({ record: { ...record, may }, external: [] });
    expect(text).toContain("- It is fine-grained, and may:\n  - `read_job, run_job in project security/builder`");
    expect(recordIn(text)?.may).toEqual(may);
    expect(rotatedReport({ record, external: [] })).not.toContain("fine-grained");
    expect(announcementText(issueInputs({ may }))).toContain(
      "It is fine-grained. It may:\n- `read_job, run_job in project security/builder`",
    );
    expect(announcementText(issueInputs())).not.toContain("fine-grained");
  });

  test("is none when its shape or version is another", () => {
    expect(recordIn("nothing")).toBeUndefined();
    expect(recordIn("```json\n{]\n```")).toBeUndefined();
    expect(recordIn('```json\n{"patRotation":1}\n```')).toBeUndefined();
    expect(recordIn(recordBlock({ ...record, patRotation: 2 as 1 }))).toBeUndefined();
  });

  test("says of the run what GitLab CI says of it, and the merge request by its merge commit's message", () => {
    expect(runRecord({})).toEqual({});
    expect(
      runRecord({
        GITLAB_USER_LOGIN: "a.person",
        CI_COMMIT_SHA: "1a2b3c",
        CI_COMMIT_MESSAGE: "Merge branch 'x' into 'main'\n\nSee merge request security/rotation!12",
        CI_PIPELINE_URL: "https://gitlab.com/p/1",
        CI_JOB_URL: "",
      }),
    ).toEqual({
      user: "a.person",
      commit: "1a2b3c",
      mergeRequest: "security/rotation!12",
      pipeline: "https://gitlab.com/p/1",
    });
    // The nightly job runs an approved commit, and not the one that its pipeline is of.
    expect(
      runRecord({
        CI_COMMIT_SHA: "1a2b3c",
        CI_COMMIT_MESSAGE: "See merge request security/rotation!12",
        PAT_ROTATION_COMMIT: "4d5e6f",
        PAT_ROTATION_COMMIT_AUTHOR: "A. Person",
        PAT_ROTATION_COMMIT_MESSAGE: "Merge\n\nSee merge request security/rotation!11",
      }),
    ).toEqual({ commit: "4d5e6f", author: "A. Person", mergeRequest: "security/rotation!11" });
    expect(runRecord({ CI_PROJECT_PATH: "security/rotation", CI_MERGE_REQUEST_IID: "7" })).toEqual({
      mergeRequest: "security/rotation!7",
    });
  });
});
