// 1Password's Connect SDK for Go against a Connect server: what a rotation asks for, as this client asks for it.
package main

import (
	"os"
	"slices"
	"strings"

	. "clients/judge"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/1Password/connect-sdk-go/onepassword"
)

var (
	client = connect.NewClient(os.Getenv("OP_CONNECT_HOST"), os.Getenv("OP_CONNECT_TOKEN"))
	vault  *onepassword.Vault
)

// New fields have no id of their own: this client sends an empty one.
func credential(title string) *onepassword.Item {
	return &onepassword.Item{Title: title, Category: onepassword.ApiCredential, Vault: onepassword.ItemVault{ID: vault.ID}, Fields: []*onepassword.ItemField{
		{Label: "one", Type: onepassword.FieldTypeConcealed, Value: "1"},
		{Label: "two", Type: onepassword.FieldTypeString, Value: "2"},
	}}
}

func has(items []onepassword.Item, id string) bool {
	return slices.ContainsFunc(items, func(one onepassword.Item) bool { return one.ID == id })
}

func vaults() {
	vault = Made(client.GetVaultByTitle("Security"))
	Same(Made(client.GetVaultByUUID(vault.ID)).Name, "Security")
	Same(len(Made(client.GetVaultsByTitle("Nowhere"))), 0)
	Same(slices.ContainsFunc(Made(client.GetVaults()), func(one onepassword.Vault) bool { return one.ID == vault.ID }), true)
}

func items() {
	made := Made(client.CreateItem(credential("By the Go client"), vault.ID))
	Same([]string{made.GetValue("one"), made.GetValue("two")}, []string{"1", "2"})
	Same(has(Made(client.GetItems(vault.ID)), made.ID), true)
	Same(Made(client.GetItemByTitle("By the Go client", vault.ID)).ID, made.ID)
	made.Title = "Renamed by the Go client"
	Same(Made(client.UpdateItem(made, vault.ID)).Version, 2)
	Same(len(Made(client.GetItemsByTitle("Renamed by the Go client", vault.ID))), 1)
	Done(client.DeleteItemByID(made.ID, vault.ID))
	if _, err := client.GetItemByUUID(made.ID, vault.ID); err == nil {
		panic("a deleted item was read")
	}
}

func signs() {
	for _, title := range []string{"GitLab / Inventory", "Schlüssel für GitLab 🔐", "it's (mine) [1] = 50 + 1; a:b, c? & d # e"} {
		made := Made(client.CreateItem(credential(title), vault.ID))
		Same(Made(client.GetItemByTitle(title, vault.ID)).ID, made.ID)
		Done(client.DeleteItem(made, vault.ID))
	}
}

func generated() {
	made := Made(client.CreateItem(&onepassword.Item{Title: "Recipe", Category: onepassword.Password, Vault: onepassword.ItemVault{ID: vault.ID}, Fields: []*onepassword.ItemField{
		{Purpose: onepassword.FieldPurposePassword, Type: onepassword.FieldTypeConcealed, Generate: true,
			Recipe: &onepassword.GeneratorRecipe{Length: 16, CharacterSets: []string{"DIGITS"}}}}}, vault.ID))
	password := made.GetValue("password")
	Same([]any{len(password), strings.Trim(password, "0123456789")}, []any{16, ""})
	Done(client.DeleteItem(made, vault.ID))
}

func files() {
	item := Made(client.GetItems(vault.ID))[0]
	Same(len(Made(client.GetFiles(item.ID, vault.ID))), 0)
}

func main() {
	Introduce("github.com/1Password/connect-sdk-go")
	Step("vaults: listed, by id, by title, and one that is not there", vaults)
	Step("items: made with fields without ids, listed, read by id and by title, written back whole, deleted", items)
	Step("items and titles with signs: slashes, umlauts, ampersands, hashes", signs)
	Step("values that are made by a recipe", generated)
	Step("files of an item: none", files)
}
