import { afterEach, beforeEach, expect, test } from "vitest";
import { getItem, getVault } from "../../../providers/onepassword/functions";
import { ConnectServer, contextOf, idOf } from "../../clients/onepassword/connect";

let server: ConnectServer;
beforeEach(async () => {
  server = await ConnectServer.start();
});
afterEach(() => server.stop());

const security = idOf("security");
const { context } = contextOf();

test("getVault answers by name and by id", async () => {
  const vault = {
    id: `vaults/${security}`,
    uuid: security,
    name: "Security",
    description: "Credentials of the security team",
  };
  expect(await getVault(server.connect)({ name: "Security" }, context)).toEqual(vault);
  expect(await getVault(server.connect)({ uuid: security }, context)).toEqual(vault);
  await expect(getVault(server.connect)({}, context)).rejects.toThrow('give "name" or "uuid"');
});

test("getItem answers with what the item holds, and empty texts for what it does not", async () => {
  const { id } = server.add({
    title: "GitLab token",
    tags: ["gitlab", "pulumi/rotation/prod/inventory"],
    fields: [
      { id: "credential", type: "CONCEALED", label: "credential", value: "secret-value" },
      { id: "expires", type: "DATE", label: "expires", value: "1826971260" },
    ],
  });
  expect(await getItem(server.connect)({ vault: "Security", title: "GitLab token" }, context)).toEqual({
    id: `vaults/${security}/items/${id}`,
    uuid: id,
    vault: security,
    title: "GitLab token",
    category: "api_credential",
    tags: ["gitlab"],
    credential: "secret-value",
    expiresAt: "2027-11-23",
    validFrom: "",
    username: "",
    password: "",
    noteValue: "",
    hostname: "",
    database: "",
    port: "",
    type: "",
    url: "",
    privateKey: "",
    publicKey: "",
  });
});
