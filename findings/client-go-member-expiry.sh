#!/usr/bin/env bash
# gitlab.com/gitlab-org/api/client-go/v2 2.64.0, members without an expiry. Seen: to add one it sends {"user_id":1,"access_level":20,
# "expires_at":null}; to change one {"access_level":30}. Needs Go 1.26.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
)

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, asked *http.Request) {
		body, _ := io.ReadAll(asked.Body)
		fmt.Println(asked.Method, string(body))
		_, _ = answer.Write([]byte(`{"id":1}`))
	}))
	defer server.Close()
	client, err := gitlab.NewClient("any", gitlab.WithBaseURL(server.URL))
	if err != nil {
		panic(err)
	}
	client.ProjectMembers.AddProjectMember(1, &gitlab.AddProjectMemberOptions{UserID: 1, AccessLevel: gitlab.Ptr(gitlab.ReporterPermissions)})
	client.ProjectMembers.EditProjectMember(1, 1, &gitlab.EditProjectMemberOptions{AccessLevel: gitlab.Ptr(gitlab.DeveloperPermissions)})
}
GO
go mod init look >/dev/null 2>&1
go get gitlab.com/gitlab-org/api/client-go/v2@v2.64.0 >/dev/null 2>&1
seen=$(go run .)
echo "$seen"
[[ $seen == *'POST {"user_id":1,"access_level":20,"expires_at":null}'* ]]
[[ $seen == *'PUT {"access_level":30}'* ]]
