<?php
// SPDX-License-Identifier: MIT
// A peer for ./dev bench: PHP-FPM, opcache, a persistent PDO connection, native prepared statements.
declare(strict_types=1);

const COLUMNS = 'certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at, auto_pause_applied_at';

function answer(int $status, array $body): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    exit;
}

function moment(string $time): string
{
    return str_replace(' ', 'T', $time) . 'Z';
}

function shown(array $row): array
{
    $now = gmdate('Y-m-d H:i:s.000');
    return [
        'certification_id' => $row['certification_id'],
        'mentor_id' => $row['mentor_id'],
        'certification_type' => $row['certification_type'],
        'issued_at' => moment($row['issued_at']),
        'expires_at' => moment($row['expires_at']),
        'status' => $row['revoked_at'] !== null ? 'revoked' : ($row['expires_at'] <= $now ? 'expired' : 'valid'),
        'auto_pause_applied' => $row['auto_pause_applied_at'] !== null,
    ];
}

function find(PDO $db, string $id): never
{
    $query = $db->prepare('SELECT ' . COLUMNS . ' FROM certifications WHERE certification_id = ?');
    $query->execute([$id]);
    $row = $query->fetch();
    $row ? answer(200, shown($row)) : answer(404, ['title' => 'Not Found', 'status' => 404]);
}

function index(PDO $db): never
{
    $page = max(1, (int)($_GET['page'] ?? 1));
    $limit = min(100, max(1, (int)($_GET['limit'] ?? 20)));
    $total = (int)$db->query('SELECT COUNT(*) FROM certifications')->fetchColumn();
    $query = $db->prepare('SELECT ' . COLUMNS . ' FROM certifications ORDER BY seq DESC LIMIT ? OFFSET ?');
    $query->bindValue(1, $limit, PDO::PARAM_INT);
    $query->bindValue(2, ($page - 1) * $limit, PDO::PARAM_INT);
    $query->execute();
    answer(200, ['data' => array_map('shown', $query->fetchAll()), 'pagination' => [
        'page' => $page, 'limit' => $limit, 'total' => $total]]);
}

function parsed(mixed $text): ?DateTimeImmutable
{
    return is_string($text) ? (DateTimeImmutable::createFromFormat(DATE_RFC3339, $text) ?: null) : null;
}

function create(PDO $db): never
{
    $input = json_decode(file_get_contents('php://input'), true);
    $errors = [];
    foreach (['mentor_id', 'certification_type'] as $field) {
        if (!is_string($input[$field] ?? null) || $input[$field] === '' || strlen($input[$field]) > 64) {
            $errors[] = ['field' => $field, 'message' => 'must have 1 to 64 characters'];
        }
    }
    $issued = parsed($input['issued_at'] ?? null);
    $expires = parsed($input['expires_at'] ?? null);
    if ($issued === null || $expires === null || $expires <= $issued) {
        $errors[] = ['field' => 'expires_at', 'message' => 'must be a time after issued_at'];
    }
    if ($errors) {
        answer(422, ['title' => 'Unprocessable Content', 'status' => 422, 'errors' => $errors]);
    }
    $db->beginTransaction();
    $query = $db->prepare('SELECT 1 FROM mentors WHERE mentor_id = ?');
    $query->execute([$input['mentor_id']]);
    if (!$query->fetchColumn()) {
        $db->rollBack();
        answer(422, ['title' => 'Unprocessable Content', 'status' => 422, 'errors' => [
            ['field' => 'mentor_id', 'message' => 'is not known']]]);
    }
    $row = [
        'certification_id' => 'cert_' . bin2hex(random_bytes(8)),
        'mentor_id' => $input['mentor_id'],
        'certification_type' => $input['certification_type'],
        'issued_at' => $issued->format('Y-m-d H:i:s.v'),
        'expires_at' => $expires->format('Y-m-d H:i:s.v'),
    ];
    $now = gmdate('Y-m-d H:i:s.000');
    $db->prepare('INSERT INTO certifications (certification_id, mentor_id, certification_type, issued_at,'
        . ' expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
        ->execute([...array_values($row), $now, $now]);
    $db->commit();
    answer(201, shown($row + ['revoked_at' => null, 'auto_pause_applied_at' => null])
        + ['created_at' => moment($now)]);
}

$db = new PDO('mysql:unix_socket=' . getenv('PEER_DB_SOCKET') . ';charset=utf8mb4;dbname=' . getenv('PEER_DB_NAME'),
    getenv('PEER_DB_USER'), getenv('PEER_DB_PASSWORD'), [
        PDO::ATTR_PERSISTENT => true,
        PDO::ATTR_EMULATE_PREPARES => false,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
    ]);
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($_SERVER['REQUEST_METHOD'] === 'POST' && $path === '/api/v1/certifications') {
    create($db);
}
if ($path === '/api/v1/certifications') {
    index($db);
}
if (preg_match('~^/api/v1/certifications/([^/]+)$~', $path, $match)) {
    find($db, $match[1]);
}
answer(404, ['title' => 'Not Found', 'status' => 404]);
