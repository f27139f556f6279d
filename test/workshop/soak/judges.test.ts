import { describe, expect, test } from "vitest";
import { judgeDeadPlace } from "../../../workshop/soak/judges/deadPlace";
import { judgeHealthy } from "../../../workshop/soak/judges/healthy";
import { judgeLeak } from "../../../workshop/soak/judges/leak";
import { judgeOrphans } from "../../../workshop/soak/judges/orphan";
import { judgeRevocation } from "../../../workshop/soak/judges/revocation";
import { judgeUntried } from "../../../workshop/soak/judges/untried";
import { days } from "../../../workshop/soak/time";

const now = Date.parse("2027-03-01T06:00:00Z");

describe("a revocation", () => {
  const proven = { id: 1300, alive: true, placedAt: now - days(9), provenAt: now - days(8) };
  const fine = {
    ...{ id: 1201, now, heldBy: [], wasInUse: true, isAsked: false },
    ...{ successors: [proven], overlapDays: 7 },
  };

  test("is fine when its successor is proven and in place for the overlap, and no place holds it", () => {
    expect(judgeRevocation(fine)).toBeUndefined();
  });

  test("is a violation while a declared place holds the token, also when it was asked for", () => {
    const held = { ...fine, heldBy: ['CI/CD variable "TOKEN" of project "security/shared"'] };
    for (const isAsked of [false, true])
      expect(judgeRevocation({ ...held, isAsked })?.what).toBe("a token was revoked while a declared place held it");
  });

  test("is a violation before the successor is proven, or in place", () => {
    for (const lacks of [{ provenAt: undefined }, { placedAt: undefined }, { alive: false }])
      expect(judgeRevocation({ ...fine, successors: [{ ...proven, ...lacks }] })?.what).toBe(
        "a token was revoked before its successor was proven",
      );
  });

  test("is a violation inside the overlap, which counts from the later of proof and placing", () => {
    const what = "a token was revoked inside the overlap";
    expect(judgeRevocation({ ...fine, successors: [{ ...proven, placedAt: now - days(2) }] })?.what).toBe(what);
    expect(judgeRevocation({ ...fine, successors: [{ ...proven, provenAt: now - days(2) }] })?.what).toBe(what);
  });

  test("of what leaked, ends or was in no place waits for nothing", () => {
    expect(judgeRevocation({ ...fine, successors: [], isAsked: true })).toBeUndefined();
    expect(judgeRevocation({ ...fine, successors: [], wasInUse: false })).toBeUndefined();
  });
});

describe("a place with a dead token", () => {
  const missed = {
    ...{ place: "item Security/a00/GitLab", tokenId: 1201, diedAt: now - days(1), now },
    ...{ since: now - days(60), wasWrittenDead: false, chances: [{ at: now - days(40), windowDays: 14 }] },
  };

  test("is nobody's fault when no run came in the days in which it was to be replaced", () => {
    expect(judgeDeadPlace(missed)).toBeUndefined();
  });

  test("is told, and not mended, where it holds another account's token before the first rotation", () => {
    const chances = [{ at: now - days(10), windowDays: 14, warnedBeforeFirst: true }];
    expect(judgeDeadPlace({ ...missed, isAnothers: true, chances })).toBeUndefined();
    expect(judgeDeadPlace({ ...missed, chances })).toBeDefined();
    const silent = [{ at: now - days(10), windowDays: 14, warnedBeforeFirst: false }];
    expect(judgeDeadPlace({ ...missed, isAnothers: true, chances: silent })).toBeDefined();
  });

  test("is a violation when a run had the chance", () => {
    const chances = [{ at: now - days(10), windowDays: 14 }];
    expect(judgeDeadPlace({ ...missed, chances })).toEqual({
      what: "a declared place held a dead token although a run had the chance",
      detail:
        "token 1201 in item Security/a00/GitLab, dead since 2027-02-28T06:00:00.000Z, 86400 s; the runs of 2027-02-19T06:00:00.000Z",
    });
  });

  test("is no violation when the run came before the place was declared", () => {
    const chances = [{ at: now - days(10), windowDays: 14 }];
    expect(judgeDeadPlace({ ...missed, since: now - days(5), chances })).toBeUndefined();
  });

  test("is a violation when the product wrote it there", () => {
    expect(judgeDeadPlace({ ...missed, wasWrittenDead: true })?.what).toBe(
      "a dead token was written into a declared place",
    );
  });
});

describe("a living token of ours in neither state nor place", () => {
  const lost = { id: 1400, hasOurMark: true, byHand: false, isInState: false, isInPlace: false };

  test("is a violation after a run that ended well", () => {
    expect(judgeOrphans({ tokens: [lost], isWaiting: false })?.detail).toBe("token 1400");
  });

  test("is none while an older token waits for its retirement, or where a person made it", () => {
    expect(judgeOrphans({ tokens: [lost], isWaiting: true })).toBeUndefined();
    expect(judgeOrphans({ tokens: [{ ...lost, byHand: true }], isWaiting: false })).toBeUndefined();
    expect(judgeOrphans({ tokens: [{ ...lost, isInState: true }], isWaiting: false })).toBeUndefined();
    expect(judgeOrphans({ tokens: [{ ...lost, hasOurMark: false }], isWaiting: false })).toBeUndefined();
  });
});

describe("a text", () => {
  const token = ["glpat-SANDBOX", "ONLY", "abcdefghijklmnop"].join("-");

  test("that holds a token, in plain or in base64 wherever it stands, is a violation", () => {
    expect(judgeLeak("a file", `"${token}"`)?.what).toBe("a token stands in plain text in a file");
    for (const before of ["", "a", "ab"])
      expect(judgeLeak("a file", Buffer.from(before + token).toString("base64"))).toBeDefined();
  });

  test("without one is fine", () => {
    expect(judgeLeak("a file", "glpat-… was minted")).toBeUndefined();
  });
});

describe("a healthy account after a run", () => {
  const well = {
    ...{ now, overlapDays: 7, wantedSince: now - days(3) },
    standing: { id: 1300, createdAt: now - days(3) },
    older: [{ id: 1201, hasLeaked: false, lastUsedAt: undefined, successorSince: now - days(3) }],
  };

  test("whose rotation is done and whose old token waits is fine", () => {
    expect(judgeHealthy(well)).toBeUndefined();
  });

  test("is a violation when its rotation was due and not done, or its places differ", () => {
    const old = { id: 1201, createdAt: now - days(300) };
    expect(judgeHealthy({ ...well, standing: old })?.what).toBe("a rotation that was due was not done");
    expect(judgeHealthy({ ...well, standing: undefined })?.what).toBe("its places do not hold one living token");
  });

  test("is a violation when an old token was to be revoked and lives", () => {
    const overdue = { ...well.older[0], id: 1201, hasLeaked: false, lastUsedAt: undefined };
    const what = "a retirement that was due was not done";
    expect(judgeHealthy({ ...well, older: [{ ...overdue, successorSince: now - days(9) }] })?.what).toBe(what);
    const used = { ...overdue, lastUsedAt: now - days(1), successorSince: now - days(9) };
    expect(judgeHealthy({ ...well, older: [used] })).toBeUndefined();
    expect(judgeHealthy({ ...well, older: [{ ...used, hasLeaked: true }] })?.what).toBe("a leaked token lives on");
  });
});

describe("a place on an unproven token", () => {
  const left = {
    ...{ now, marginDays: 10, provenDiesAt: now + days(30) },
    places: [
      { place: 'CI/CD variable "TOKEN" of project "security/a00"', tokenId: 1300, isProven: false, wasTried: false },
    ],
  };

  test("that nobody tries is a violation while a proven one lives", () => {
    expect(judgeUntried(left)?.detail).toBe('token 1300 in CI/CD variable "TOKEN" of project "security/a00"');
  });

  test("that a pipeline tries, or that outlives all proven ones, is none", () => {
    const places = left.places.map((one) => ({ ...one, wasTried: true }));
    expect(judgeUntried({ ...left, places })).toBeUndefined();
    expect(judgeUntried({ ...left, provenDiesAt: now + days(5) })).toBeUndefined();
    expect(judgeUntried({ ...left, provenDiesAt: undefined })).toBeUndefined();
  });
});
