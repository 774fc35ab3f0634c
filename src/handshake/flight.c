/* Flights: messages are written one behind the other, become part of the transcript as they end,
 * and leave together, so that they share records. */
#include "handshake/internal.h"

enum gv_err gv_flight_begin(struct hs *hs, size_t cap)
{
    void *memory;

    TRY(gv_hs_take_memory(hs, cap, &memory));
    hs->work->flight.w = wr_of(memory, cap);
    hs->work->flight.marked = 0;
    return GV_OK;
}

enum gv_err gv_flight_message(struct hs *hs)
{
    struct flight *f = &hs->work->flight;

    if (!wr_done(&f->w))
        RAISE(MESSAGE_UNWRITABLE);
    struct span message = span_from(wr_span(&f->w), f->marked);
    f->marked = f->w.len;
    return gv_transcript_add(&hs->work->transcript, &hs->arena, message);
}

enum gv_err gv_flight_send(struct hs *hs)
{
    struct flight *f = &hs->work->flight;
    struct span messages = wr_span(&f->w);

    f->w.base += f->w.len;
    f->w.cap -= f->w.len;
    f->w.len = f->marked = 0;
    return hs->door->send(hs->connection, messages);
}
