// SPDX-License-Identifier: MIT
// A peer for ./dev bench: fastify and mysql2, a process for each core, prepared statements.
import cluster from 'node:cluster'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import Fastify from 'fastify'
import mysql from 'mysql2/promise'

const environment = process.env
const COLUMNS =
  'certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at, auto_pause_applied_at'

const moment = (time) => time.replace(' ', 'T') + 'Z'
const forDatabase = (date) => date.toISOString().replace('T', ' ').replace('Z', '')

function shown (row) {
  const now = forDatabase(new Date())
  return {
    certification_id: row.certification_id,
    mentor_id: row.mentor_id,
    certification_type: row.certification_type,
    issued_at: moment(row.issued_at),
    expires_at: moment(row.expires_at),
    status: row.revoked_at !== null ? 'revoked' : row.expires_at <= now ? 'expired' : 'valid',
    auto_pause_applied: row.auto_pause_applied_at !== null
  }
}

const text = { type: 'string', minLength: 1, maxLength: 64 }
const time = { type: 'string', format: 'date-time' }
const word = { type: 'string' }
const certification = {
  certification_id: word,
  mentor_id: word,
  certification_type: word,
  issued_at: word,
  expires_at: word,
  status: word,
  auto_pause_applied: { type: 'boolean' },
  created_at: word
}
const one = { type: 'object', properties: certification }
const body = {
  type: 'object',
  required: ['mentor_id', 'certification_type', 'issued_at', 'expires_at'],
  properties: { mentor_id: text, certification_type: text, issued_at: time, expires_at: time }
}

async function serve () {
  const pool = mysql.createPool({
    socketPath: environment.PEER_DB_SOCKET,
    user: environment.PEER_DB_USER,
    password: environment.PEER_DB_PASSWORD,
    database: environment.PEER_DB_NAME,
    connectionLimit: Number(environment.PEER_CONNECTIONS) / Number(environment.PEER_WORKERS),
    dateStrings: true,
    charset: 'utf8mb4'
  })
  const app = Fastify({ logger: false })

  app.get('/api/v1/certifications/:id', { schema: { response: { 200: one } } }, async (request, reply) => {
    const [rows] = await pool.execute(
      `SELECT ${COLUMNS} FROM certifications WHERE certification_id = ?`, [request.params.id])
    return rows.length ? shown(rows[0]) : reply.code(404).send({ title: 'Not Found', status: 404 })
  })

  app.get('/api/v1/certifications', async (request) => {
    const page = Math.max(1, Number(request.query.page ?? 1))
    const limit = Math.min(100, Math.max(1, Number(request.query.limit ?? 20)))
    const [[count], [rows]] = await Promise.all([
      pool.execute('SELECT COUNT(*) AS total FROM certifications'),
      pool.execute(`SELECT ${COLUMNS} FROM certifications ORDER BY seq DESC LIMIT ? OFFSET ?`,
        [String(limit), String((page - 1) * limit)])
    ])
    return { data: rows.map(shown), pagination: { page, limit, total: count[0].total } }
  })

  app.post('/api/v1/certifications', { schema: { body, response: { 201: one } } }, async (request, reply) => {
    const input = request.body
    const [issued, expires] = [new Date(input.issued_at), new Date(input.expires_at)]
    if (expires <= issued) {
      return reply.code(422).send({ title: 'Unprocessable Content', status: 422 })
    }
    const connection = await pool.getConnection()
    try {
      await connection.beginTransaction()
      const [known] = await connection.execute('SELECT 1 FROM mentors WHERE mentor_id = ?', [input.mentor_id])
      if (!known.length) {
        await connection.rollback()
        return reply.code(422).send({ title: 'Unprocessable Content', status: 422 })
      }
      const now = forDatabase(new Date())
      const row = {
        certification_id: 'cert_' + randomBytes(8).toString('hex'),
        mentor_id: input.mentor_id,
        certification_type: input.certification_type,
        issued_at: forDatabase(issued),
        expires_at: forDatabase(expires)
      }
      await connection.execute(
        'INSERT INTO certifications (certification_id, mentor_id, certification_type, issued_at, ' +
        'expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [...Object.values(row), now, now])
      await connection.commit()
      reply.code(201)
      return { ...shown({ ...row, revoked_at: null, auto_pause_applied_at: null }), created_at: moment(now) }
    } finally {
      connection.release()
    }
  })

  await app.listen({ path: environment.PEER_SOCKET })
  fs.chmodSync(environment.PEER_SOCKET, 0o666)
}

if (cluster.isPrimary) {
  for (let i = 0; i < Number(environment.PEER_WORKERS); i++) {
    cluster.fork()
  }
  process.on('SIGTERM', () => process.exit(0))
} else {
  await serve()
}
