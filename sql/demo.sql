-- Demo data: load once into an empty schema, after `mentorwatch migrate`. One transaction.
--
-- 1. Everybody and everything that the five contracts' examples name, with the examples' own
--    values, so that each example request works as printed and each GET by id answers its
--    example. What an example creates (cert_09WX5AK7, rem-002, the msg- numbers) is not here:
--    it would stand in the way of its own creation.
-- 2. More people, with dates relative to the day of loading, so that lists have several pages
--    and something is always about to expire. 84 certifications and 9 log lines in all, as the
--    examples count them.
--
-- The expiry job finds nothing to do in all this until the first relative date has passed, two
-- days after loading: what has expired is either applied, with its open pause, or superseded by a
-- newer certification of the same type. (cert_04QR8TZ2 expires on 2027-06-15, as printed.)
--
-- Only what MariaDB 10.6 and MySQL 8 both take. AUTO_INCREMENT numbers are left to the server.
-- Lists show the newest first, so the examples' rows come last, the first of them at the very end:
-- a first page begins as the examples do.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET @today = UTC_DATE();

START TRANSACTION;

-- The directory

INSERT INTO organisations (organisation_id, name) VALUES
    ('org_nhf_oslo', 'NHF Oslo'),
    ('org_fjordhjelpen', 'Fjordhjelpen Bergen');

INSERT INTO coordinators
    (coordinator_id, organisation_id, name, email, push_target, channels, language)
VALUES
    ('coordinator-007', 'org_nhf_oslo', 'Torunn Haug', 'torunn.haug@example.org', NULL, 'email', 'nb'),
    ('coord_9f8e7d6c', 'org_nhf_oslo', 'Ingrid Bakke', 'ingrid.bakke@nhf-oslo.no', 'https://push.example.org/coord_9f8e7d6c', 'email,push', 'nb'),
    ('coord_2a3b4c5d', 'org_nhf_oslo', 'Marius Solheim', 'marius.solheim@example.org', NULL, 'email', 'nb'),
    ('coord_maya_patel', 'org_nhf_oslo', 'Maya Patel', 'maya.patel@example.org', NULL, 'email', 'en'),
    ('coord-03', 'org_nhf_oslo', 'Kjersti Lunde', 'kjersti.lunde@example.org', NULL, 'email', 'nb'),
    ('coord-11', 'org_fjordhjelpen', 'Åse Brekke', 'ase.brekke@example.org', NULL, 'email', 'nb'),
    ('coord-12', 'org_fjordhjelpen', 'Jørgen Sæther', 'jorgen.saether@example.org', NULL, 'email', NULL);

INSERT INTO mentors
    (mentor_id, organisation_id, coordinator_id, name, email, push_target, channels, language)
VALUES
    ('mentor-042', 'org_nhf_oslo', 'coordinator-007', 'Solveig Myhre', 'solveig.myhre@example.org', NULL, 'email', 'nb'),
    ('pm_551e8400', 'org_nhf_oslo', 'coord_9f8e7d6c', 'Henrik Nygård', 'henrik.nygard@example.org', 'https://push.example.org/pm_551e8400', 'push,email,in_app', 'nb'),
    ('pm_662f9511', 'org_nhf_oslo', 'coord_2a3b4c5d', 'Randi Østby', 'randi.ostby@example.org', 'https://push.example.org/pm_662f9511', 'push,email', 'nb'),
    ('mentor_sarah_chen', 'org_nhf_oslo', 'coord_maya_patel', 'Sarah Chen', 'sarah.chen@example.org', NULL, 'email', 'en'),
    ('mentor_james_okafor', 'org_nhf_oslo', 'coord_maya_patel', 'James Okafor', 'james.okafor@example.org', NULL, 'email', 'en'),
    ('mentor-19', 'org_nhf_oslo', 'coord-03', 'Lars Eriksen', 'lars.eriksen@example.org', 'https://push.example.org/mentor-19', 'email,push', 'nb'),
    ('mentor-55', 'org_nhf_oslo', 'coord-03', 'Anita Berge', 'anita.berge@example.org', NULL, 'email', 'nb'),
    ('mntr_01HX4V2K8P', 'org_nhf_oslo', 'coordinator-007', 'Bjørn Ødegård', 'bjorn.odegard@example.org', NULL, 'email', 'nb'),
    ('mntr_02BY7M3RL', 'org_nhf_oslo', 'coordinator-007', 'Gro Vestvik', 'gro.vestvik@example.org', NULL, 'email', 'nb');

-- mentor-101 … mentor-160 in Oslo and mentor-201 … mentor-206 in Bergen. mentor-124 has no
-- address: what is written to this mentor can be seen to fail.

INSERT INTO mentors
    (mentor_id, organisation_id, coordinator_id, name, email, channels, language)
WITH RECURSIVE numbers AS (
    SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 66
), named AS (
    SELECT n,
        ELT(1 + MOD(n, 30), 'Kari', 'Ola', 'Astrid', 'Magnus', 'Silje', 'Øyvind', 'Hilde', 'Trond',
            'Marit', 'Eirik', 'Nina', 'Geir', 'Åshild', 'Stian', 'Tone', 'Håkon', 'Berit', 'Jonas',
            'Unni', 'Terje', 'Ragnhild', 'Espen', 'Lise', 'Kjell', 'Amina', 'Vidar', 'Camilla',
            'Rolf', 'Mona', 'Sindre') AS first_name,
        ELT(1 + MOD(n * 7 + n DIV 30, 30), 'Hansen', 'Moen', 'Dahl', 'Bråten', 'Strand', 'Lie',
            'Sørensen', 'Aas', 'Holm', 'Fjeld', 'Nilsen', 'Tveit', 'Ruud', 'Grønvold', 'Sand',
            'Kvamme', 'Borge', 'Vik', 'Næss', 'Eide', 'Lund', 'Haugen', 'Rønning', 'Foss',
            'Solberg', 'Myklebust', 'Bakken', 'Thorsen', 'Ali', 'Hovland') AS last_name
    FROM numbers
)
SELECT
    CONCAT('mentor-', IF(n <= 60, 100 + n, 140 + n)),
    IF(n <= 60, 'org_nhf_oslo', 'org_fjordhjelpen'),
    IF(n <= 60,
       ELT(1 + MOD(n, 4), 'coordinator-007', 'coord_2a3b4c5d', 'coord_maya_patel', 'coord-03'),
       ELT(1 + MOD(n, 2), 'coord-11', 'coord-12')),
    CONCAT(first_name, ' ', last_name),
    IF(n = 24, NULL,
       CONCAT(REPLACE(REPLACE(REPLACE(LOWER(CONCAT(first_name, '.', last_name)),
                                      'å', 'a'), 'ø', 'o'), 'æ', 'ae'), '@example.org')),
    'email',
    IF(MOD(n, 10) = 5, 'en', IF(MOD(n, 10) = 8, NULL, 'nb'))
FROM named
ORDER BY n;

-- One certification for each of the others. mentor-101 … 104 have expired and are paused since the
-- morning after; mentor-105 and 106 had, and have renewed since; the rest are valid.

INSERT INTO certifications
    (certification_id, mentor_id, certification_type, issued_at, expires_at,
     auto_pause_applied_at, created_at, updated_at)
WITH RECURSIVE numbers AS (
    SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 66
), dated AS (
    SELECT n,
        CONCAT('mentor-', IF(n <= 60, 100 + n, 140 + n)) AS mentor_id,
        IF(MOD(n, 4) = 0, 'peer_mentor_advanced', 'peer_mentor_basic') AS certification_type,
        CASE
            WHEN n <= 32 THEN
                ELT(n, -3, -12, -33, -61, 705, 690, 2, 5, 6, 7, 9, 11, 13, 14, 17, 20, 22, 24, 27,
                    29, 30, 31, 36, 45, 48, 55, 60, 75, 90, 100, 120, 150)
            WHEN n <= 60 THEN 180 + 19 * (n - 33)
            ELSE ELT(n - 60, 10, 26, 80, 200, 400, 600)
        END + 0 AS days
    FROM numbers
), termed AS (
    SELECT n, mentor_id, certification_type, days,
        @today + INTERVAL days DAY AS expires_at,
        @today + INTERVAL days DAY - INTERVAL IF(MOD(n, 4) = 0, 2, 3) YEAR AS issued_at
    FROM dated
)
SELECT
    CONCAT('cert_', UPPER(SUBSTRING(SHA2(mentor_id, 256), 1, 8))),
    mentor_id,
    certification_type,
    issued_at,
    expires_at,
    IF(days < 0, expires_at + INTERVAL 25 HOUR, NULL),
    issued_at + INTERVAL 9 HOUR,
    CASE
        WHEN days < 0 THEN expires_at + INTERVAL 25 HOUR
        WHEN n IN (5, 6) THEN @today - INTERVAL n DAY + INTERVAL 10 HOUR
        ELSE issued_at + INTERVAL 9 HOUR
    END
FROM termed
ORDER BY n;

-- A second type for mentor-133 … 137; the last one's was revoked.

INSERT INTO certifications
    (certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at,
     created_at, updated_at)
WITH RECURSIVE numbers AS (
    SELECT 33 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 37
)
SELECT
    CONCAT('cert_', UPPER(SUBSTRING(SHA2(CONCAT('second of ', n), 256), 1, 8))),
    CONCAT('mentor-', 100 + n),
    IF(MOD(n, 4) = 0, 'peer_mentor_basic', 'peer_mentor_advanced'),
    @today - INTERVAL 300 DAY,
    @today + INTERVAL 430 DAY + INTERVAL n DAY,
    IF(n = 37, @today - INTERVAL 20 DAY + INTERVAL 12 HOUR, NULL),
    @today - INTERVAL 300 DAY + INTERVAL 9 HOUR,
    IF(n = 37, @today - INTERVAL 20 DAY + INTERVAL 12 HOUR,
       @today - INTERVAL 300 DAY + INTERVAL 9 HOUR)
FROM numbers
ORDER BY n;

-- Certifications of the examples.
--   mentor-19            the printed one has expired and he is paused, so that rem-001 is still of
--                        the current cycle and sent-check answers as printed; another type expires
--                        in 15 days, so that `upcoming` shows him as printed.
--   mentor-55            renewed in time; the newer one expires in 25 days, as `upcoming` prints.
--   mentor_sarah_chen    renewed in time; the newer one is due for its 30 day reminder.
--   mentor_james_okafor  expired, paused.
--   mentor-042           renewed in time, so not paused when an example pauses this mentor; the
--                        newer one has the 14 days left that an example tells.

INSERT INTO certifications
    (certification_id, mentor_id, certification_type, issued_at, expires_at,
     auto_pause_applied_at, created_at, updated_at)
VALUES
    ('cert_0GRO2AB4', 'pm_662f9511', 'peer_mentor_basic', '2024-09-16', @today + INTERVAL 250 DAY, NULL, '2024-09-16 15:40:00', '2024-09-16 15:40:00'),
    ('cert_0FHN1ZA3', 'pm_551e8400', 'peer_mentor_basic', '2025-02-03', @today + INTERVAL 400 DAY, NULL, '2025-02-03 13:10:00', '2025-02-03 13:10:00'),
    ('cert_0ESM9YZ2', 'mentor-042', 'peer_mentor_basic', '2026-03-24', @today + INTERVAL 14 DAY, NULL, '2026-03-24 11:00:00', '2026-03-24 11:00:00'),
    ('cert_0DSM8XY1', 'mentor-042', 'peer_mentor_basic', '2023-03-31', '2026-03-31', NULL, '2023-03-31 11:00:00', '2023-03-31 11:00:00'),
    ('cert_0CJO7WX9', 'mentor_james_okafor', 'peer_mentor_basic', '2023-04-01', '2026-04-01', '2026-04-02 01:00:00', '2023-04-01 14:20:00', '2026-04-02 01:00:00'),
    ('cert_0BSC6VW8', 'mentor_sarah_chen', 'peer_mentor_basic', '2026-04-01', @today + INTERVAL 30 DAY, NULL, '2026-04-01 07:45:00', '2026-04-01 07:45:00'),
    ('cert_0ASC5TV7', 'mentor_sarah_chen', 'peer_mentor_basic', '2023-04-15', '2026-04-15', NULL, '2023-04-15 07:45:00', '2023-04-15 07:45:00'),
    ('cert_08AB4ST6', 'mentor-55', 'peer_mentor_basic', '2026-04-12', @today + INTERVAL 25 DAY, NULL, '2026-04-12 12:00:00', '2026-04-12 12:00:00'),
    ('cert_07AB3QR5', 'mentor-55', 'peer_mentor_basic', '2023-04-20', '2026-04-20', NULL, '2023-04-20 12:00:00', '2023-04-20 12:00:00'),
    ('cert_06LE2NP4', 'mentor-19', 'peer_mentor_advanced', '2025-01-20', @today + INTERVAL 15 DAY, NULL, '2025-01-20 08:30:00', '2025-01-20 08:30:00'),
    ('cert_05LE1KM9', 'mentor-19', 'peer_mentor_basic', '2023-04-10', '2026-04-10', '2026-04-11 01:00:00', '2023-04-10 08:30:00', '2026-04-11 01:00:00'),
    ('cert_03PQ7SY1', 'mntr_02BY7M3RL', 'peer_mentor_basic', '2023-03-01', '2026-03-01', '2026-03-02 01:00:00', '2023-03-01 10:05:00', '2026-03-02 01:00:00'),
    ('cert_04QR8TZ2', 'mntr_01HX4V2K8P', 'peer_mentor_basic', '2024-06-15', '2027-06-15', NULL, '2024-06-15 09:12:00', '2024-06-15 09:12:00');

-- Reminders: what the daily run has sent to those whose certification has expired or soon will,
-- then those behind the two records of contract 3, and rem-001. Not yet sent: what falls due today,
-- and mentor-19's, whose thresholds the examples still use.

INSERT INTO reminders
    (id, certification_id, mentor_id, coordinator_id, expires_at, threshold_days,
     days_remaining, channel, status, sent_at, created_at, updated_at)
WITH thresholds AS (
    SELECT 30 AS days UNION ALL SELECT 14 UNION ALL SELECT 7
), sent AS (
    SELECT c.certification_id, c.mentor_id, m.coordinator_id, c.expires_at, t.days,
        DATE(c.expires_at) - INTERVAL t.days DAY + INTERVAL 8 HOUR AS sent_at
    FROM certifications c
    JOIN mentors m ON m.mentor_id = c.mentor_id
    JOIN thresholds t ON DATE(c.expires_at) - INTERVAL t.days DAY < @today
    WHERE (c.auto_pause_applied_at IS NOT NULL OR c.expires_at >= @today)
        AND c.revoked_at IS NULL
        AND c.mentor_id NOT IN ('mentor-19', 'mentor_james_okafor')
)
SELECT CONCAT('rem-', 100 + ROW_NUMBER() OVER (ORDER BY sent_at, certification_id)),
    certification_id, mentor_id, coordinator_id, expires_at, days, days, 'email', 'delivered',
    sent_at, sent_at, sent_at
FROM sent
ORDER BY sent_at, certification_id;

INSERT INTO reminders
    (id, certification_id, mentor_id, coordinator_id, expires_at, threshold_days,
     days_remaining, channel, status, sent_at, created_at, updated_at)
VALUES
    ('rem-012', 'cert_0CJO7WX9', 'mentor_james_okafor', 'coord_maya_patel', '2026-04-01', 7, 7, 'email', 'delivered', '2026-03-25 08:00:00', '2026-03-25 08:00:00', '2026-03-25 08:00:00'),
    ('rem-011', 'cert_0ASC5TV7', 'mentor_sarah_chen', 'coord_maya_patel', '2026-04-15', 30, 30, 'email', 'delivered', '2026-03-16 08:00:00', '2026-03-16 08:00:00', '2026-03-16 08:00:00'),
    ('rem-001', 'cert_05LE1KM9', 'mentor-19', 'coord-03', '2026-04-10', 30, 30, 'email', 'delivered', '2026-03-11 08:00:00', '2026-03-11 08:00:00', '2026-03-11 08:00:00');

-- Contract 3: one record for each reminder, the two printed ones last. Coordinators have
-- acknowledged the others that are over.

INSERT INTO expiry_notifications
    (notification_id, certification_id, mentor_id, coordinator_id, threshold_days, expiry_date,
     status, sent_at, acknowledged_at, acknowledged_by, created_at, updated_at)
SELECT UUID(), r.certification_id, r.mentor_id, r.coordinator_id, r.threshold_days, r.expires_at,
    IF(r.expires_at < @today, 'acknowledged', 'active'),
    r.sent_at,
    IF(r.expires_at < @today, r.sent_at + INTERVAL 3 HOUR, NULL),
    IF(r.expires_at < @today, r.coordinator_id, NULL),
    r.sent_at,
    IF(r.expires_at < @today, r.sent_at + INTERVAL 3 HOUR, r.sent_at)
FROM reminders r
WHERE r.id NOT IN ('rem-011', 'rem-012')
ORDER BY r.seq;

INSERT INTO expiry_notifications
    (notification_id, certification_id, mentor_id, coordinator_id, threshold_days, expiry_date,
     status, sent_at, created_at, updated_at)
VALUES
    ('b2c3d4e5-f6a7-8901-bcde-f12345678901', 'cert_0CJO7WX9', 'mentor_james_okafor', 'coord_maya_patel', 7, '2026-04-01', 'active', '2026-03-25 08:00:00', '2026-03-25 08:00:00', '2026-03-25 08:00:00'),
    ('a1b2c3d4-e5f6-7890-abcd-ef1234567890', 'cert_0ASC5TV7', 'mentor_sarah_chen', 'coord_maya_patel', 30, '2026-04-15', 'active', '2026-03-16 08:00:00', '2026-03-16 08:00:00', '2026-03-16 08:00:00');

-- The expiry job's past: nine pauses, of which those of mentor-105 and 106 have ended since.

INSERT INTO job_runs
    (job_run_id, job, run_day, number, started_at, completed_at, mentors_scanned, found, acted,
     failures)
VALUES
    ('job_02MAR2026_01', 'expiry', '2026-03-02', 1, '2026-03-02 01:00:00', '2026-03-02 01:00:04', 84, 1, 1, '[]'),
    ('job_02APR2026_01', 'expiry', '2026-04-02', 1, '2026-04-02 01:00:00', '2026-04-02 01:00:04', 84, 1, 1, '[]'),
    ('job_11APR2026_01', 'expiry', '2026-04-11', 1, '2026-04-11 01:00:00', '2026-04-11 01:00:03', 84, 1, 1, '[]');

INSERT INTO job_runs
    (job_run_id, job, run_day, number, started_at, completed_at, mentors_scanned, found, acted,
     failures)
WITH days AS (
    SELECT 60 AS ago UNION ALL SELECT 46 UNION ALL SELECT 32 UNION ALL SELECT 21
    UNION ALL SELECT 11 UNION ALL SELECT 2
), runs AS (
    SELECT @today - INTERVAL ago DAY AS run_day FROM days
)
SELECT
    CONCAT('job_', LPAD(DAY(run_day), 2, '0'),
           ELT(MONTH(run_day), 'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT',
               'NOV', 'DEC'),
           YEAR(run_day), '_01'),
    'expiry', run_day, 1, run_day + INTERVAL 1 HOUR, run_day + INTERVAL 3604 SECOND, 84, 1, 1, '[]'
FROM runs
ORDER BY run_day;

INSERT INTO expiry_logs (log_id, mentor_id, certification_id, reason, job_run_id, applied_at)
WITH paused AS (
    SELECT 'mentor-104' AS mentor_id, 60 AS ago UNION ALL SELECT 'mentor-106', 46
    UNION ALL SELECT 'mentor-103', 32 UNION ALL SELECT 'mentor-105', 21
    UNION ALL SELECT 'mentor-102', 11 UNION ALL SELECT 'mentor-101', 2
)
SELECT
    CONCAT('log_', UPPER(SUBSTRING(SHA2(c.certification_id, 256), 1, 8))),
    c.mentor_id,
    c.certification_id,
    CONCAT('Certification ', c.certification_type, ' expired on ', r.run_day - INTERVAL 1 DAY),
    r.job_run_id,
    r.started_at + INTERVAL 3 SECOND
FROM paused p
JOIN certifications c ON c.mentor_id = p.mentor_id
JOIN job_runs r ON r.run_day = @today - INTERVAL p.ago DAY
ORDER BY r.run_day;

INSERT INTO expiry_logs (log_id, mentor_id, certification_id, reason, job_run_id, applied_at)
VALUES
    ('log_03CCZ9DE', 'mentor-19', 'cert_05LE1KM9', 'Certification peer_mentor_basic expired on 2026-04-10', 'job_11APR2026_01', '2026-04-11 01:00:02'),
    ('log_02BBZ8CD', 'mentor_james_okafor', 'cert_0CJO7WX9', 'Certification peer_mentor_basic expired on 2026-04-01', 'job_02APR2026_01', '2026-04-02 01:00:03'),
    ('log_01AAZ7BC', 'mntr_02BY7M3RL', 'cert_03PQ7SY1', 'Certification peer_mentor_basic expired on 2026-03-01', 'job_02MAR2026_01', '2026-03-02 01:00:03');

INSERT INTO pauses
    (mentor_id, kind, certification_id, reason, warned, opened_at, closed_at, closed_because)
SELECT l.mentor_id, 'certification_expiry', l.certification_id, l.reason,
    EXISTS (SELECT 1 FROM reminders r WHERE r.certification_id = l.certification_id),
    run.started_at,
    IF(c.auto_pause_applied_at IS NULL, c.updated_at, NULL),
    IF(c.auto_pause_applied_at IS NULL, 'renewed', NULL)
FROM expiry_logs l
JOIN job_runs run ON run.job_run_id = l.job_run_id
JOIN certifications c ON c.certification_id = l.certification_id
ORDER BY l.seq;

-- Leaves that people took. Both are over, so that an example can pause pm_551e8400 again.

INSERT INTO pauses
    (mentor_id, kind, reason, expected_return_date, opened_at, closed_at, closed_because)
VALUES
    ('pm_551e8400', 'manual', 'Personal leave', '2026-06-01', '2026-03-19 14:30:00', '2026-06-01 07:10:00', 'lifted'),
    ('pm_662f9511', 'manual', 'Studies', '2026-04-01', '2026-01-12 10:15:00', '2026-03-25 09:00:00', 'lifted');

-- Contract 2: what the expiry job did, then the other ends of these leaves, then the two printed
-- events.

INSERT INTO pause_events
    (id, mentor_id, coordinator_id, event_type, effective_date, reason, notifications_sent,
     created_at, updated_at)
SELECT CONCAT('pn_', SUBSTRING(SHA2(l.log_id, 256), 1, 12)), l.mentor_id, m.coordinator_id,
    'pause_activated', run.started_at, l.reason, 'coordinator_email,peer_mentor_email',
    run.started_at, run.started_at
FROM expiry_logs l
JOIN job_runs run ON run.job_run_id = l.job_run_id
JOIN mentors m ON m.mentor_id = l.mentor_id
ORDER BY l.seq;

INSERT INTO pause_events
    (id, mentor_id, coordinator_id, event_type, effective_date, reason, notifications_sent,
     created_at, updated_at)
SELECT CONCAT('pn_', SUBSTRING(SHA2(CONCAT('end of ', l.log_id), 256), 1, 12)), l.mentor_id,
    m.coordinator_id, 'pause_deactivated', p.closed_at, NULL,
    'coordinator_email,peer_mentor_email', p.closed_at, p.closed_at
FROM expiry_logs l
JOIN pauses p ON p.certification_id = l.certification_id AND p.closed_because = 'renewed'
JOIN mentors m ON m.mentor_id = l.mentor_id
ORDER BY l.seq;

INSERT INTO pause_events
    (id, mentor_id, coordinator_id, event_type, effective_date, reason, notifications_sent,
     created_at, updated_at)
VALUES
    ('pn_3e5a7b9d1f2c', 'pm_551e8400', 'coord_9f8e7d6c', 'pause_deactivated', '2026-06-01', NULL, 'coordinator_email,peer_mentor_push', '2026-06-01 07:10:00', '2026-06-01 07:10:00'),
    ('pn_2d4f6a8c0e1b', 'pm_662f9511', 'coord_2a3b4c5d', 'pause_activated', '2026-01-12', 'Studies', 'coordinator_email,peer_mentor_push', '2026-01-12 10:15:00', '2026-01-12 10:15:00'),
    ('pn_6b7c8d9e0f1a', 'pm_662f9511', 'coord_2a3b4c5d', 'pause_deactivated', '2026-03-26', NULL, 'coordinator_email,peer_mentor_push', '2026-03-25 09:00:00', '2026-03-25 09:00:00'),
    ('pn_8a1b2c3d4e5f', 'pm_551e8400', 'coord_9f8e7d6c', 'pause_activated', '2026-03-20', 'Personal leave', 'coordinator_email,peer_mentor_push', '2026-03-19 14:30:00', '2026-03-19 14:30:00');

-- What was sent for these events; those of pn_8a1b2c3d4e5f are the printed dispatch results.

INSERT INTO messages
    (delivery_id, kind, channel, recipient_role, recipient_id, recipient_name, address, language,
     mentor_id, certification_id, event_id, facts, state, attempts, next_attempt_at, sent_at,
     created_at)
WITH roles AS (
    SELECT 1 AS is_mentor UNION ALL SELECT 0
), ends AS (
    SELECT p.certification_id, p.mentor_id, 'pause_activated' AS event_type, p.opened_at AS moment
    FROM pauses p
    WHERE p.kind = 'certification_expiry'
    UNION ALL
    SELECT p.certification_id, p.mentor_id, 'pause_deactivated', p.closed_at
    FROM pauses p
    WHERE p.kind = 'certification_expiry' AND p.closed_at IS NOT NULL
)
SELECT UUID(),
    IF(e.event_type = 'pause_activated', 'certification_expired', 'pause_lifted'),
    'email',
    IF(is_mentor, 'mentor', 'coordinator'),
    IF(is_mentor, m.mentor_id, k.coordinator_id),
    IF(is_mentor, m.name, k.name),
    IF(is_mentor, m.email, k.email),
    COALESCE(IF(is_mentor, m.language, k.language), 'nb'),
    m.mentor_id, x.certification_id, e.id,
    JSON_OBJECT('recipient_name', IF(is_mentor, m.name, k.name), 'mentor_name', m.name,
                'mentor_id', m.mentor_id, 'coordinator_name', k.name,
                'certification_type', c.certification_type,
                'expires_at', DATE_FORMAT(c.expires_at, '%Y-%m-%dT%TZ')),
    'sent', 1, e.created_at, e.created_at + INTERVAL 4 SECOND, e.created_at
FROM ends x
JOIN pause_events e ON e.mentor_id = x.mentor_id AND e.event_type = x.event_type
    AND e.created_at = x.moment
JOIN certifications c ON c.certification_id = x.certification_id
JOIN mentors m ON m.mentor_id = x.mentor_id
JOIN coordinators k ON k.coordinator_id = m.coordinator_id
CROSS JOIN roles
ORDER BY e.seq, is_mentor;

INSERT INTO messages
    (delivery_id, kind, channel, recipient_role, recipient_id, recipient_name, address, language,
     mentor_id, event_id, facts, state, attempts, next_attempt_at, sent_at, created_at)
VALUES
    (UUID(), 'pause_lifted', 'email', 'coordinator', 'coord_2a3b4c5d', 'Marius Solheim', 'marius.solheim@example.org', 'nb', 'pm_662f9511', 'pn_6b7c8d9e0f1a', '{"recipient_name":"Marius Solheim","mentor_name":"Randi Østby"}', 'sent', 1, '2026-03-25 09:00:00', '2026-03-25 09:00:02', '2026-03-25 09:00:00'),
    (UUID(), 'pause_lifted', 'push', 'mentor', 'pm_662f9511', 'Randi Østby', 'https://push.example.org/pm_662f9511', 'nb', 'pm_662f9511', 'pn_6b7c8d9e0f1a', '{"recipient_name":"Randi Østby","mentor_name":"Randi Østby"}', 'sent', 1, '2026-03-25 09:00:00', '2026-03-25 09:00:03', '2026-03-25 09:00:00'),
    (UUID(), 'pause_activated', 'push', 'coordinator', 'coord_9f8e7d6c', 'Ingrid Bakke', 'https://push.example.org/coord_9f8e7d6c', 'nb', 'pm_551e8400', 'pn_8a1b2c3d4e5f', '{"recipient_name":"Ingrid Bakke","mentor_name":"Henrik Nygård"}', 'sent', 1, '2026-03-19 14:30:00', '2026-03-19 14:30:05', '2026-03-19 14:30:00'),
    (UUID(), 'pause_activated', 'in_app', 'mentor', 'pm_551e8400', 'Henrik Nygård', NULL, 'nb', 'pm_551e8400', 'pn_8a1b2c3d4e5f', '{"recipient_name":"Henrik Nygård","mentor_name":"Henrik Nygård"}', 'sent', 1, '2026-03-19 14:30:00', '2026-03-19 14:30:06', '2026-03-19 14:30:00');

-- Whoever changes a mentor's certifications takes this row first; it is there from the first
-- change on.

INSERT INTO mentor_locks (mentor_id, taken)
SELECT mentor_id, COUNT(*) FROM certifications GROUP BY mentor_id;

COMMIT;
