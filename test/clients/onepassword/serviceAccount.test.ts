import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import {
  AmbiguousCredential,
  Forbidden,
  MissingCredential,
  NotFound,
  RateLimited,
  Unauthorized,
} from "../../../clients/http";
import { Connect } from "../../../clients/onepassword/connect";
import { vaultsFromEnvironment } from "../../../clients/onepassword/environment";
import { errorOfSdk } from "../../../clients/onepassword/sdkErrors";
import { ServiceAccount } from "../../../clients/onepassword/serviceAccount";
import type { Context } from "../../../providers/host/provider";
import { item } from "../../../providers/onepassword/item/item";
import { itemField } from "../../../providers/onepassword/itemField";
import { contextOf } from "./connect";
import { FakeSdk, field, says } from "./sdk";

let sdk: FakeSdk;
let context: Context;
beforeEach(() => {
  sdk = new FakeSdk();
  context = contextOf().context;
});

const stored = () => sdk.items[0];
const sections = [{ id: "s1", title: "GitLab" }];
const login = () =>
  sdk.add({
    category: "Login" as never,
    tags: ["by hand"],
    sections,
    notes: "Log in with the one-time password.",
    websites: [{ url: "https://gitlab.example.com", label: "website", autofillBehavior: "Never" as never }],
    fields: [
      field("username", "username", "Text", "gl-security-inventory", ""),
      field("password", "password", "Concealed", "correct-horse", ""),
      {
        ...field("t1", "one-time password", "Totp", "otpauth://totp/x", "s1"),
        details: { type: "Otp", content: { code: "1" } },
      },
      field("c1", "credential", "Concealed", "old-value", "s1"),
      field("e1", "expires", "Date", "2026-11-30", "s1"),
    ],
  });
const declared = {
  vault: "Security",
  item: "GitLab token",
  field: "credential",
  value: "new-value",
  expiresAt: "2027-11-23",
};

describe("one field of an item that exists", () => {
  test("is set with its expiry in one write, and all else of the item is written back as it was", async () => {
    const before = structuredClone(login());
    const { id, outputs } = await itemField(sdk.account).create(declared, context);
    expect(id).toBe("vaults/security/items/item-1/fields/c1");
    expect(outputs).toMatchObject({ vaultUuid: "security", itemUuid: "item-1", fieldId: "c1" });
    const [username, password, totp, credential, expires] = before.fields;
    expect(stored()).toEqual({
      ...before,
      version: 2,
      fields: [username, password, totp, { ...credential, value: "new-value" }, { ...expires, value: "2027-11-23" }],
    });
    expect(sdk.calls).toEqual([
      "vaults.list",
      "items.list security",
      "items.get security/item-1",
      "items.get security/item-1",
      "items.put security/item-1",
    ]);
  });

  test("is not written when it holds the value already", async () => {
    login();
    await itemField(sdk.account).create(declared, context);
    sdk.calls.length = 0;
    await itemField(sdk.account).create(declared, context);
    expect(sdk.calls.filter((call) => !call.startsWith("items.get"))).toEqual(["items.list security"]);
  });

  test("is added, concealed, in its section, when the item has none of that name", async () => {
    sdk.add({ sections });
    await itemField(sdk.account).create({ ...declared, section: "GitLab" }, context);
    const id = expect.stringMatching(/^[0-9a-f]{26}$/);
    expect(stored()?.fields).toEqual([{ ...field("", "credential", "Concealed", "new-value", "s1"), id }]);
  });

  test("of an item that holds what the SDK does not know is refused, and nothing is written", async () => {
    login().fields.push(field("p1", "passkey", "Unsupported", ""));
    await expect(itemField(sdk.account).create(declared, context)).rejects.toThrow(
      'its field "passkey" is of a kind that 1Password\'s SDK does not know, and would be lost. Keep the token in an item of its own',
    );
    expect(sdk.calls.some((call) => call.startsWith("items.put"))).toBe(false);
  });

  test("is written on the newest version when somebody else changed the item meanwhile", async () => {
    login();
    sdk.fail("items.put", says.conflict);
    await itemField(sdk.account).create(declared, context);
    expect(sdk.calls.slice(-4).map((call) => call.split(" ")[0])).toEqual([
      "items.get",
      "items.put",
      "items.get",
      "items.put",
    ]);
    expect(stored()?.fields[3]?.value).toBe("new-value");
  });

  test("is written once when the answer was lost", async () => {
    login();
    sdk.fail("items.put", says.network, true);
    await itemField(sdk.account).create(declared, context);
    expect(sdk.calls.filter((call) => call.startsWith("items.put"))).toHaveLength(1);
    expect(stored()?.version).toBe(2);
  });

  test("is read back with its day", async () => {
    login();
    const resource = itemField(sdk.account);
    const { id, outputs } = await resource.create(declared, context);
    const before = { id, inputs: declared, outputs };
    expect(await resource.read?.(before, context)).toEqual(before);
    sdk.items.length = 0;
    expect(await resource.read?.(before, context)).toBeUndefined();
  });
});

describe("an item of its own", () => {
  const inputs = {
    vault: "Security",
    category: "api_credential",
    title: "Scanner token",
    username: "gl-security-scanner",
    credential: "new-value",
    expiresAt: "2027-11-23",
    noteValue: "kept by Pulumi",
  };

  test("is made in the category API credential, with its expiry as a day", async () => {
    const { id, outputs } = await item(sdk.account).create(inputs, context);
    expect(id).toBe("vaults/security/items/made-1");
    expect(outputs).toMatchObject({ uuid: "made-1", vaultUuid: "security", title: "Scanner token" });
    expect(stored()).toMatchObject({
      category: "ApiCredentials",
      title: "Scanner token",
      notes: "kept by Pulumi",
      fields: [
        { id: "username", title: "username", fieldType: "Text", value: "gl-security-scanner" },
        { id: "credential", title: "credential", fieldType: "Concealed", value: "new-value" },
        { id: "expires", title: "expires", fieldType: "Date", value: "2027-11-23" },
      ],
    });
    expect(stored()?.tags).toHaveLength(1);
  });

  test("is written anew only where it differs", async () => {
    const resource = item(sdk.account);
    const { id, outputs } = await resource.create(inputs, context);
    const before = { id, inputs, outputs };
    const next = { ...inputs, credential: "newer-value", expiresAt: "2028-10-24" };
    await resource.update?.(before, next, context);
    expect(stored()?.fields.map(({ value }) => value)).toEqual(["gl-security-scanner", "newer-value", "2028-10-24"]);
    expect(stored()?.notes).toBe("kept by Pulumi");
    sdk.calls.length = 0;
    await resource.update?.({ ...before, inputs: next }, next, context);
    expect(sdk.calls).toEqual(["items.get security/made-1"]);
  });

  test("is made once when the answer was lost", async () => {
    sdk.fail("items.create", says.network, true);
    await item(sdk.account).create(inputs, context);
    expect(sdk.items).toHaveLength(1);
  });

  test("that was to think of its own password is refused: a service account does not", async () => {
    await expect(
      item(sdk.account).create({ vault: "Security", category: "login", title: "x" }, context),
    ).rejects.toThrow('"password" has no value, and a service account does not think of one');
  });
});

describe("a vault", () => {
  test("is found by its name and by its id, with one list for the run", async () => {
    const vault = { id: "security", name: "Security", description: "of Security" };
    expect(await sdk.account.findVault("Security")).toEqual(vault);
    expect(await sdk.account.within(context.signal).findVault("Security")).toEqual(vault);
    expect(await sdk.account.findVault("platform")).toMatchObject({ name: "Platform" });
    expect(sdk.calls).toEqual(["vaults.list", "vaults.list"]);
    expect(sdk.clients).toBe(1);
  });

  test("that nobody gave access to is named, with the right that is missing and how to ask", async () => {
    await expect(sdk.account.findVault("Operations")).rejects.toThrow(
      'looking for the 1Password vault "Operations": the service account of OP_SERVICE_ACCOUNT_TOKEN sees only "Security", "Platform". Check the name. If it is right, ask an owner or administrator of the 1Password account for a service account with the rights read_items and write_items on this vault (op service-account create <name> --vault "Operations:read_items,write_items")',
    );
    sdk.vaults.length = 0;
    await expect(sdk.account.findVault("Operations")).rejects.toThrow("sees no vault at all");
  });

  test("that may be read and not written to is told with the right to ask for", async () => {
    login();
    sdk.fail("items.put", says.forbidden);
    const error = await itemField(sdk.account)
      .create(declared, context)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Forbidden);
    expect(String(error)).toContain(
      "may not write there. Ask an owner or administrator of the 1Password account for one with the right write_items",
    );
    expect(String(error)).not.toContain("new-value");
  });

  test("of a name that two have is not chosen by us", async () => {
    const [first] = sdk.vaults;
    if (first !== undefined) sdk.vaults.push({ ...first, id: "other" });
    await expect(sdk.account.findVault("Security")).rejects.toThrow("2 vaults have that name (security, other)");
  });
});

describe("what the SDK says", () => {
  class RateLimitExceededError extends Error {}

  test.each([
    [new Error(says.notFound), NotFound],
    [new Error(says.forbidden), Forbidden],
    [new Error(says.badToken), Unauthorized],
    [new RateLimitExceededError(""), RateLimited],
  ])("%s becomes a class that a caller can do something about", (cause, expected) => {
    expect(errorOfSdk(cause, "items.get", "vaults/x")).toBeInstanceOf(expected);
  });

  test("that repeats what was written does not get it into a message", async () => {
    sdk.add({ fields: [field("credential", "credential", "Concealed", "old-secret-value")] });
    const wanted = { op: "replace", path: "/fields/credential/value", value: "new-secret-value" } as const;
    sdk.fail("items.put", 'validation failed: invalid type: string "new-secret-value", expected a field');
    const error = await sdk.account.patchItem("security", "item-1", [wanted]).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('string "[secret]"');
    expect(inspect(error)).not.toContain("new-secret-value");
  });

  test("a cancelled run begins no more", async () => {
    const account = sdk.account.within(AbortSignal.abort());
    await expect(account.listItems("security")).rejects.toThrow();
    expect(sdk.calls).toEqual([]);
  });

  test("the SDK itself refuses a token that is none, and we say what to do", async () => {
    const account = ServiceAccount.fromEnvironment({ OP_SERVICE_ACCOUNT_TOKEN: "no-token" });
    const error = await account.findVault("Security").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unauthorized);
    expect(String(error)).toContain("vaults.list vaults: 1Password answered: ");
    expect(String(error)).toContain("the token in OP_SERVICE_ACCOUNT_TOKEN is not accepted");
  });
});

describe("the way to 1Password", () => {
  const connect = { OP_CONNECT_HOST: "https://connect.example.com", OP_CONNECT_TOKEN: "x" };

  test("is a Connect server, unless a service account's token is set", () => {
    expect(vaultsFromEnvironment(connect)).toBeInstanceOf(Connect);
    expect(vaultsFromEnvironment({})).toBeInstanceOf(Connect);
    expect(vaultsFromEnvironment({ OP_SERVICE_ACCOUNT_TOKEN: "x" })).toBeInstanceOf(ServiceAccount);
  });

  test("is an error of the first request where both are set, which says what to unset", async () => {
    const error = await vaultsFromEnvironment({ ...connect, OP_SERVICE_ACCOUNT_TOKEN: "x" })
      .findVault("Security")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AmbiguousCredential);
    expect(String(error)).toContain(
      "Unset OP_CONNECT_HOST and OP_CONNECT_TOKEN to use the service account, or OP_SERVICE_ACCOUNT_TOKEN to use the Connect server",
    );
  });

  test("is told when it is missing", async () => {
    await expect(ServiceAccount.fromEnvironment({}).findVault("x")).rejects.toBeInstanceOf(MissingCredential);
  });
});
