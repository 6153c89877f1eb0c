// SPDX-License-Identifier: GPL-2.0-only
/*
 * SQLite's file format (www.sqlite.org/fileformat2.html): pages, trees of rows by number, rows; and rpm's headers in
 * these.
 */
#include "look/rpmdb.h"

#include <string.h>

enum {
	DEPTH_MAX = 12, /* of a tree */
	PAGES_MAX = 1 << 16, /* that are read, in all */
	ROW_MAX = 64 << 20, /* bytes of one; a package with very many files has some megabytes */
	PAGE_LEAF = 0x0d,
	PAGE_INTERIOR = 0x05,
	FILE_HEADER = 100, /* bytes before the tree in the first page */
};

#define ANY_ROW INT64_MIN

struct db {
	struct arena *arena;
	const struct dynamic_source *source;
	uint32_t page_size, usable;
	unsigned int pages; /* read so far */
	char *levels[DEPTH_MAX]; /* a page each */
};

static uint64_t big_endian(const char *p, unsigned int n)
{
	uint64_t number = 0;

	for (unsigned int i = 0; i < n; i++)
		number = number << 8 | (unsigned char)p[i];
	return number;
}

static bool read_at(struct db *db, uint64_t at, char *to, size_t size)
{
	return db->source->read(db->source->context, at, to, size) == (ssize_t)size;
}

static bool read_page(struct db *db, uint32_t number, char *to)
{
	return number && db->pages++ < PAGES_MAX && read_at(db, (number - 1ull) * db->page_size, to, db->page_size);
}

/* --- rows --- */

/* Seven bits in each byte but the ninth, of which all count; false: it ends before. */
static bool cut_varint(struct bytes *in, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < in->n && i < 9; i++) {
		unsigned char c = (unsigned char)in->p[i];

		*number = i == 8 ? *number << 8 | c : *number << 7 | (c & 0x7f);
		if (i == 8 || !(c & 0x80)) {
			*in = bytes_after(*in, i + 1);
			return true;
		}
	}
	return false;
}

/* Bytes that a value of that type takes. */
static uint64_t size_of(uint64_t type)
{
	static const unsigned char small[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

	return type < sizeof(small) ? small[type] : (type - 12) / 2;
}

struct column {
	int64_t number; /* if it is one */
	struct bytes bytes;
};

/* The value in that place; all zeros where there is none. */
static struct column column_of(struct bytes row, unsigned int index)
{
	struct bytes types = row, values;
	uint64_t size, type, n;

	if (!cut_varint(&types, &size) || size > row.n || size < row.n - types.n)
		return (struct column){};
	values = bytes_after(row, size);
	types = bytes_first(types, size - (row.n - types.n));
	for (unsigned int i = 0; cut_varint(&types, &type); i++) {
		n = size_of(type);
		if (n > values.n)
			break;
		if (i == index)
			return (struct column){ type == 9  ? 1
						: type < 7 ? (int64_t)big_endian(values.p, (unsigned int)n)
							   : 0,
						bytes_first(values, n) };
		values = bytes_after(values, n);
	}
	return (struct column){};
}

/* What is on this page of so many bytes; the rest is on others, a list. */
static size_t local_size(const struct db *db, uint64_t size)
{
	uint32_t most = db->usable - 35, least = (db->usable - 12) * 32 / 255 - 23, some;

	if (size <= most)
		return size;
	some = least + (uint32_t)((size - least) % (db->usable - 4));
	return some <= most ? some : least;
}

static bool read_rest(struct db *db, uint32_t page, char *to, size_t size)
{
	struct arena *arena = arena_new();
	char *room = arena_alloc(arena, db->page_size);
	size_t n;
	bool read = true;

	for (; read && size; to += n, size -= n) {
		n = size < db->usable - 4 ? size : db->usable - 4;
		read = read_page(db, page, room);
		if (!read)
			break;
		memcpy(to, room + 4, n);
		page = (uint32_t)big_endian(room, 4);
	}
	arena_free(arena);
	return read;
}

/* The row of a cell; p NULL: it cannot be read, or is not whole and is not to be put together. */
static struct bytes row_of(struct db *db, struct bytes cell, bool whole, int64_t *number)
{
	uint64_t size, id;
	size_t local;
	char *room;

	if (!cut_varint(&cell, &size) || !cut_varint(&cell, &id) || size > ROW_MAX)
		return (struct bytes){};
	*number = (int64_t)id;
	local = local_size(db, size);
	if (local == size)
		return cell.n < size ? (struct bytes){} : bytes_first(cell, size);
	if (!whole || cell.n < local + 4)
		return (struct bytes){};
	room = arena_alloc(db->arena, size);
	memcpy(room, cell.p, local);
	if (!read_rest(db, (uint32_t)big_endian(cell.p + local, 4), room + local, size - local))
		return (struct bytes){};
	return (struct bytes){ room, size };
}

/* --- tables --- */

/* False: no further row is wanted. */
typedef bool take_row(struct db *db, int64_t number, struct bytes row, void *context);

struct walk {
	int64_t wanted; /* number of the only row that is, or ANY_ROW */
	take_row *take;
	void *context;
};

static struct bytes cell_of(const struct db *db, struct bytes page, size_t at)
{
	return at + 2 > page.n ? (struct bytes){}
			       : bytes_after(bytes_first(page, db->usable), (size_t)big_endian(page.p + at, 2));
}

static bool walk_page(struct db *db, const struct walk *walk, uint32_t number, int depth);

static bool walk_leaf(struct db *db, const struct walk *walk, struct bytes page, size_t at, size_t n)
{
	int64_t number;
	struct bytes row;

	for (size_t i = 0; i < n; i++) {
		struct bytes cell = cell_of(db, page, at + 8 + 2 * i), ahead = cell;
		uint64_t size, id;

		if (!cut_varint(&ahead, &size) || !cut_varint(&ahead, &id))
			return true;
		if (walk->wanted != ANY_ROW && walk->wanted != (int64_t)id)
			continue;
		/*
		 * Only a package is long, and is asked for by its number: one that cannot be read is not looked for
		 * twice.
		 */
		row = row_of(db, cell, walk->wanted != ANY_ROW, &number);
		if (row.p ? !walk->take(db, number, row, walk->context) : walk->wanted != ANY_ROW)
			return false;
	}
	return true;
}

static bool walk_interior(struct db *db, const struct walk *walk, struct bytes page, size_t at, size_t n, int depth)
{
	for (size_t i = 0; i < n; i++) {
		struct bytes cell = cell_of(db, page, at + 12 + 2 * i), key = bytes_after(cell, 4);
		uint64_t last;

		if (cell.n < 4 || !cut_varint(&key, &last))
			return true;
		if (walk->wanted != ANY_ROW && walk->wanted > (int64_t)last)
			continue;
		if (!walk_page(db, walk, (uint32_t)big_endian(cell.p, 4), depth + 1))
			return false;
		if (walk->wanted != ANY_ROW)
			return true;
	}
	return walk_page(db, walk, (uint32_t)big_endian(page.p + at + 8, 4), depth + 1);
}

/* False: there is to be no more. */
static bool walk_page(struct db *db, const struct walk *walk, uint32_t number, int depth)
{
	size_t at = number == 1 ? FILE_HEADER : 0, n;
	struct bytes page;

	if (depth == DEPTH_MAX)
		return true;
	if (!db->levels[depth])
		db->levels[depth] = arena_alloc(db->arena, db->page_size);
	if (!read_page(db, number, db->levels[depth]))
		return true;
	page = (struct bytes){ db->levels[depth], db->page_size };
	n = (size_t)big_endian(page.p + at + 3, 2);
	if (page.p[at] == PAGE_LEAF)
		return walk_leaf(db, walk, page, at, n);
	return page.p[at] != PAGE_INTERIOR || walk_interior(db, walk, page, at, n, depth);
}

struct table {
	const char *name;
	uint32_t root; /* 0: not found */
};

/* type, name, tbl_name, rootpage, sql */
static bool take_table(struct db *db, int64_t number, struct bytes row, void *context)
{
	struct table *table = context;

	(void)db;
	(void)number;
	if (bytes_is(column_of(row, 0).bytes, "table") && bytes_is(column_of(row, 1).bytes, table->name))
		table->root = (uint32_t)column_of(row, 3).number;
	return !table->root;
}

static void walk_table(struct db *db, const char *name, int64_t wanted, take_row *take, void *context)
{
	struct table table = { .name = name };

	walk_page(db, &(struct walk){ ANY_ROW, take_table, &table }, 1, 0);
	if (table.root)
		walk_page(db, &(struct walk){ wanted, take, context }, table.root, 0);
}

static bool open_db(struct db *db)
{
	static const char magic[] = "SQLite format 3";
	char head[FILE_HEADER];

	if (!read_at(db, 0, head, sizeof(head)) || memcmp(head, magic, sizeof(magic)))
		return false;
	db->page_size = (uint32_t)big_endian(head + 16, 2);
	db->page_size = db->page_size == 1 ? 65536 : db->page_size;
	db->usable = db->page_size - (unsigned char)head[20];
	return db->page_size >= 512 && db->usable >= 480;
}

/* --- rpm: Basenames has (name, package, which of its files), Packages a header each --- */

enum tag {
	TAG_NAME = 1000,
	TAG_DIRINDEXES = 1116,
	TAG_DIRNAMES = 1118,
};

struct wanted {
	struct bytes name;
	int64_t package;
	uint64_t file;
	struct rpmdb_file *found;
};

static bool take_basename(struct db *db, int64_t number, struct bytes row, void *context)
{
	struct wanted *wanted = context;

	(void)db;
	(void)number;
	if (!bytes_same(column_of(row, 0).bytes, wanted->name))
		return true;
	wanted->package = column_of(row, 1).number;
	wanted->file = (uint64_t)column_of(row, 2).number;
	return false;
}

/*
 * What a header has under a tag, to the header's end: number of entries, bytes, and an index of tag, type, offset,
 * count each.
 */
static struct bytes data_of(struct bytes header, enum tag tag)
{
	uint64_t n = header.n >= 8 ? big_endian(header.p, 4) : 0;
	struct bytes index = bytes_after(header, 8), data;

	if (n > index.n / 16)
		return (struct bytes){};
	data = bytes_after(index, n * 16);
	for (uint64_t i = 0; i < n; i++)
		if (big_endian(index.p + i * 16, 4) == tag)
			return bytes_after(data, (size_t)big_endian(index.p + i * 16 + 8, 4));
	return (struct bytes){};
}

static bool take_package(struct db *db, int64_t number, struct bytes row, void *context)
{
	const struct wanted *wanted = context;
	struct bytes header = column_of(row, 1).bytes, name = data_of(header, TAG_NAME);
	struct bytes directories = data_of(header, TAG_DIRNAMES), directory = {};
	struct bytes indexes = bytes_after(data_of(header, TAG_DIRINDEXES), wanted->file * 4);

	(void)number;
	name = bytes_first(name, bytes_find(name, '\0'));
	if (!name.n || indexes.n < 4)
		return false;
	for (uint64_t i = 0; i <= big_endian(indexes.p, 4) && directories.n; i++)
		directory = bytes_cut(&directories, '\0');
	wanted->found->package = (struct bytes){ arena_copy(db->arena, name.p, name.n), name.n };
	wanted->found->path = bytes_of(arena_printf(db->arena, "%.*s%.*s", (int)directory.n, directory.p,
						    (int)wanted->name.n, wanted->name.p));
	return false;
}

bool rpmdb_find(struct arena *arena, const struct dynamic_source *source, struct bytes name, struct rpmdb_file *found)
{
	struct db db = { .arena = arena, .source = source };
	struct wanted wanted = { .name = name, .package = ANY_ROW, .found = found };

	*found = (struct rpmdb_file){};
	if (!open_db(&db))
		return false;
	walk_table(&db, "Basenames", ANY_ROW, take_basename, &wanted);
	if (wanted.package != ANY_ROW)
		walk_table(&db, "Packages", wanted.package, take_package, &wanted);
	return found->package.n;
}
