/* Details of an error, in fixed memory and in printable characters only. */
#include "base/detail.h"

void gv_detail_init(struct detail *d)
{
    *d = (struct detail){.certificate = -1};
}

void gv_detail_text(char to[DETAIL_TEXT], struct span text)
{
    size_t n = text.len < DETAIL_TEXT - 1 ? text.len : DETAIL_TEXT - 1;
    for (size_t i = 0; i < n; i++)
        to[i] = text.at[i] >= 0x20 && text.at[i] < 0x7f ? (char)text.at[i] : '?';
    to[n] = '\0';
}

void gv_detail_note(struct detail *d, const char *check, const char *expected, const char *found)
{
    if (d == NULL)
        return;
    d->check = check;
    gv_detail_text(d->expected, span_str(expected));
    gv_detail_text(d->found, span_str(found));
}
