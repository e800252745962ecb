// SPDX-License-Identifier: MIT

// A peer for ./dev bench: net/http and go-sql-driver, statements prepared once.
package main

import (
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	_ "github.com/go-sql-driver/mysql"
)

const path = "/api/v1/certifications"
const columns = "certification_id, mentor_id, certification_type, issued_at, expires_at, " +
	"revoked_at, auto_pause_applied_at"
const forDatabase = "2006-01-02 15:04:05.000"

type certification struct {
	ID        string `json:"certification_id"`
	Mentor    string `json:"mentor_id"`
	Type      string `json:"certification_type"`
	Issued    string `json:"issued_at"`
	Expires   string `json:"expires_at"`
	Status    string `json:"status"`
	Paused    bool   `json:"auto_pause_applied"`
	CreatedAt string `json:"created_at,omitempty"`
}

type input struct {
	Mentor  string    `json:"mentor_id"`
	Type    string    `json:"certification_type"`
	Issued  time.Time `json:"issued_at"`
	Expires time.Time `json:"expires_at"`
}

type scanner interface{ Scan(...interface{}) error }

var byID, count, page, known, insert *sql.Stmt

func moment(text string) string { return strings.Replace(text, " ", "T", 1) + "Z" }

func scan(row scanner) (certification, error) {
	var c certification
	var revoked, paused sql.NullString
	err := row.Scan(&c.ID, &c.Mentor, &c.Type, &c.Issued, &c.Expires, &revoked, &paused)
	c.Status = "valid"
	if revoked.Valid {
		c.Status = "revoked"
	} else if c.Expires <= time.Now().UTC().Format(forDatabase) {
		c.Status = "expired"
	}
	c.Paused = paused.Valid
	c.Issued, c.Expires = moment(c.Issued), moment(c.Expires)
	return c, err
}

func answer(w http.ResponseWriter, status int, body interface{}) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = 500, []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(text)
}

func problem(w http.ResponseWriter, status int, detail string) {
	answer(w, status, map[string]interface{}{
		"title": http.StatusText(status), "status": status, "detail": detail})
}

func find(w http.ResponseWriter, r *http.Request) {
	c, err := scan(byID.QueryRow(strings.TrimPrefix(r.URL.Path, path+"/")))
	switch {
	case err == sql.ErrNoRows:
		problem(w, 404, "there is no such certification")
	case err != nil:
		problem(w, 500, err.Error())
	default:
		answer(w, 200, c)
	}
}

func numberOf(r *http.Request, name string, otherwise, most int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return otherwise
	}
	if n > most {
		return most
	}
	return n
}

func index(w http.ResponseWriter, r *http.Request) {
	at, limit := numberOf(r, "page", 1, 1<<30), numberOf(r, "limit", 20, 100)
	var total int
	if err := count.QueryRow().Scan(&total); err != nil {
		problem(w, 500, err.Error())
		return
	}
	rows, err := page.Query(limit, (at-1)*limit)
	if err != nil {
		problem(w, 500, err.Error())
		return
	}
	defer rows.Close()
	data := make([]certification, 0, limit)
	for rows.Next() {
		c, err := scan(rows)
		if err != nil {
			problem(w, 500, err.Error())
			return
		}
		data = append(data, c)
	}
	answer(w, 200, map[string]interface{}{"data": data,
		"pagination": map[string]int{"page": at, "limit": limit, "total": total}})
}

func store(db *sql.DB, in input) (certification, error) {
	var there int
	var c certification
	var random [8]byte
	tx, err := db.Begin()
	if err != nil {
		return c, err
	}
	defer tx.Rollback()
	if err = tx.Stmt(known).QueryRow(in.Mentor).Scan(&there); err != nil {
		return c, err
	}
	rand.Read(random[:])
	now := time.Now().UTC().Format(forDatabase)
	c = certification{ID: "cert_" + hex.EncodeToString(random[:]), Mentor: in.Mentor, Type: in.Type,
		Issued:  in.Issued.UTC().Format(forDatabase),
		Expires: in.Expires.UTC().Format(forDatabase), Status: "valid"}
	if c.Expires <= now {
		c.Status = "expired"
	}
	_, err = tx.Stmt(insert).Exec(c.ID, c.Mentor, c.Type, c.Issued, c.Expires, now, now)
	if err != nil {
		return c, err
	}
	c.Issued, c.Expires, c.CreatedAt = moment(c.Issued), moment(c.Expires), moment(now)
	return c, tx.Commit()
}

func create(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	var in input
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 65536)).Decode(&in); err != nil {
		problem(w, 400, err.Error())
		return
	}
	if in.Mentor == "" || len(in.Mentor) > 64 || in.Type == "" || len(in.Type) > 64 ||
		!in.Expires.After(in.Issued) {
		problem(w, 422, "the certification is not valid")
		return
	}
	c, err := store(db, in)
	switch {
	case err == sql.ErrNoRows:
		problem(w, 422, "the mentor is not known")
	case err != nil:
		problem(w, 500, err.Error())
	default:
		answer(w, 201, c)
	}
}

func main() {
	connections, _ := strconv.Atoi(os.Getenv("PEER_CONNECTIONS"))
	db, err := sql.Open("mysql", os.Getenv("PEER_DB_USER")+":"+os.Getenv("PEER_DB_PASSWORD")+
		"@unix("+os.Getenv("PEER_DB_SOCKET")+")/"+os.Getenv("PEER_DB_NAME")+"?charset=utf8mb4")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&byID, "SELECT " + columns + " FROM certifications WHERE certification_id = ?"},
		{&count, "SELECT COUNT(*) FROM certifications"},
		{&page, "SELECT " + columns + " FROM certifications ORDER BY seq DESC LIMIT ? OFFSET ?"},
		{&known, "SELECT 1 FROM mentors WHERE mentor_id = ?"},
		{&insert, "INSERT INTO certifications (certification_id, mentor_id, certification_type, " +
			"issued_at, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)"},
	} {
		if *s.into, err = db.Prepare(s.text); err != nil {
			log.Fatal(err)
		}
	}
	http.HandleFunc(path+"/", find)
	http.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			create(db, w, r)
		} else {
			index(w, r)
		}
	})
	listener, err := net.Listen("unix", os.Getenv("PEER_SOCKET"))
	if err != nil {
		log.Fatal(err)
	}
	os.Chmod(os.Getenv("PEER_SOCKET"), 0666)
	log.Fatal(http.Serve(listener, nil))
}
