-- revision: b4bac0305622
-- down: 
-- message: notes
-- created: 2026-11-25 09:21:58

-- upgrade
CREATE TABLE "note" (
    "id" INTEGER NOT NULL,
    "title" VARCHAR(140) NOT NULL,
    "body" TEXT,
    "done" BOOLEAN NOT NULL DEFAULT false,
    "tags" JSON_TEXT,
    "version" INTEGER NOT NULL,
    "created" DATETIME NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_note_title" CHECK (title <> '')
);
CREATE INDEX "ix_note_done" ON "note" ("done");
CREATE INDEX "ix_note_created" ON "note" ("created");

-- downgrade
DROP TABLE "note";
