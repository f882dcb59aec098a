/* layout.h: where version 1.0 of the contract with communicators has each member, and the value of each name, on targets with
 * 64-bit pointers. It holds for the headers of every later minor version, which add at the end of struct nnrun_comm. Include
 * <nnrun/comm.h> first. */
#define AT(type, member, offset) _Static_assert(offsetof(struct type, member) == offset, #type "." #member)
#define IS(name, value) _Static_assert((name) == (value), #name)
/* One that lies by value in arrays that nnrun makes, or in the head. */
#define FIXED(type, bytes) _Static_assert(sizeof(struct type) == bytes, "sizeof " #type)
#if NNRUN_COMM_MINOR == 0
#define GROWS(type, bytes) FIXED(type, bytes)
#else
#define GROWS(type, bytes) _Static_assert(sizeof(struct type) >= bytes, "sizeof " #type)
#endif
/* A function keeps its type: what is given here is compatible with nothing else. */
#define TAKES(member, type) \
    _Static_assert(_Generic(((struct nnrun_comm *)0)->member, type: 1, default: 0), "type of " #member)

#if UINTPTR_MAX > UINT32_MAX
FIXED(nnrun_comm_message, 32);
AT(nnrun_comm_message, rank, 0);
AT(nnrun_comm_message, reserved, 4);
AT(nnrun_comm_message, send, 8);
AT(nnrun_comm_message, receive, 16);
AT(nnrun_comm_message, bytes, 24);

FIXED(nnrun_comm_part, 16);
AT(nnrun_comm_part, at, 0);
AT(nnrun_comm_part, bytes, 8);

GROWS(nnrun_comm, 112);
AT(nnrun_comm, head, 0);
AT(nnrun_comm, name, 16);
AT(nnrun_comm, doc, 24);
AT(nnrun_comm, open, 32);
AT(nnrun_comm, rank, 40);
AT(nnrun_comm, size, 48);
AT(nnrun_comm, exchange, 56);
AT(nnrun_comm, gather, 64);
AT(nnrun_comm, broadcast, 72);
AT(nnrun_comm, agree, 80);
AT(nnrun_comm, barrier, 88);
AT(nnrun_comm, abort, 96);
AT(nnrun_comm, close, 104);
#endif

FIXED(nnrun_comm_head, 16);
AT(nnrun_comm_head, magic, 0);
AT(nnrun_comm_head, major, 4);
AT(nnrun_comm_head, minor, 6);
AT(nnrun_comm_head, size, 8);
AT(nnrun_comm_head, reserved, 12);

IS(NNRUN_COMM_MAGIC, 0x6d6f6372);
IS(NNRUN_COMM_MAJOR, 1);
IS(NNRUN_COMM_TEXT, 256);
IS(NNRUN_COMM_MOST, 1 << 30);
IS(NNRUN_COMM_MOST_RANKS, 1 << 16);

TAKES(open, int32_t (*)(void **, char *));
TAKES(rank, uint32_t (*)(void *));
TAKES(size, uint32_t (*)(void *));
TAKES(exchange, int32_t (*)(void *, const struct nnrun_comm_message *, size_t, char *));
TAKES(gather, int32_t (*)(void *, void *, const struct nnrun_comm_part *, char *));
TAKES(broadcast, int32_t (*)(void *, uint32_t, void *, size_t, char *));
TAKES(agree, int32_t (*)(void *, uint64_t *, char *));
TAKES(barrier, int32_t (*)(void *, char *));
TAKES(abort, void (*)(void *));
TAKES(close, void (*)(void *));

#undef AT
#undef IS
#undef FIXED
#undef GROWS
#undef TAKES
