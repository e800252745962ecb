-- A cycle is a certification with one day on which it expires: another moment of that day begins
-- no other. So the day is in the keys that say "once". Where two records were made for one day
-- already, the later one lets go of its certification, as one that somebody ordered beside another
-- does.

ALTER TABLE reminders
    ADD COLUMN expires_on DATE GENERATED ALWAYS AS (DATE(expires_at)) STORED;

UPDATE reminders twin JOIN reminders original ON original.certification_id = twin.certification_id
    AND original.expires_on = twin.expires_on AND original.threshold_days = twin.threshold_days
    AND original.seq < twin.seq
    SET twin.certification_id = NULL;

CREATE UNIQUE INDEX reminder_once_a_cycle ON reminders
    (certification_id, expires_on, threshold_days);

DROP INDEX reminder_once ON reminders;

ALTER TABLE expiry_notifications
    ADD COLUMN expires_on DATE GENERATED ALWAYS AS (DATE(expiry_date)) STORED;

UPDATE expiry_notifications twin JOIN expiry_notifications original
    ON original.certification_id = twin.certification_id AND original.expires_on = twin.expires_on
    AND original.threshold_days = twin.threshold_days AND original.seq < twin.seq
    SET twin.certification_id = NULL;

CREATE UNIQUE INDEX expiry_notification_once_a_cycle ON expiry_notifications
    (certification_id, expires_on, threshold_days);

DROP INDEX expiry_notification_once ON expiry_notifications;
