/* galvan server: many clients at once on one epoll loop. This file has its options and the loop;
 * what a client gets is in peer.c. */
#include "config.h"
#include "journal.h"
#include "tool.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    TIMEOUT_DEFAULT = 10,
    TIMEOUT_MAX = 86400,
    CLIENTS_DEFAULT = 1000,
    CLIENTS_MAX = 100000,
    ONCE_MAX = 1000000000,
    REKEY_MAX = 1 << 30,
    EVENTS = 64,   /* of one call of epoll_wait */
    TICK_MS = 250, /* how late a deadline may be noticed */
    STOP_MS = 2000 /* for the goodbyes when the server is stopped */
};

struct server {
    struct endpoint at;
    struct tls_options tls;
    struct service service;
    long timeout, max_clients, once, rekey;

    int epoll, listener, signals; /* listener is -1 when no more clients are wanted */
    struct peer *peers;
    long clients;           /* that are here now */
    unsigned long accepted; /* in all */
    bool listens;           /* the listener is watched */
    bool stopping, done;
    double last_tick;
};

static const char help[] =
    "Usage: galvan server --cert FILE --key FILE [OPTION]...\n"
    "\n"
    "Serves a small HTTPS page about the connection that it is sent over, to many clients at\n"
    "once. Writes a line for each of them to standard output.\n"
    "\n"
    "  --cert FILE             certificate chain in PEM, the server's own first\n"
    "  --key FILE              its private key in PEM; both may be given several times, and the\n"
    "                          first pair that suits the client is used\n"
    "  --listen ADDRESS:PORT   where to listen (127.0.0.1:4433); port 0 is any that is free\n"
    "  --port PORT             the same at 127.0.0.1\n"
    "  --psk NAME:KEY          take this pre-shared key, in hexadecimal, too (TLS 1.3); then "
    "--cert\n"
    "                          may be left out\n"
    "  --psk-import TEXT       import the keys with this context (RFC 9258)\n"
    "  --echo                  send back what comes, in place of a page\n"
    "  --client-ca FILE        ask clients for a certificate from these roots (PEM)\n"
    "  --require-client-cert   turn away those that have none\n"
    "  --tickets               seal sessions into tickets rather than keep them\n"
    "  --early-data BYTES      take so much before the handshake is over (TLS 1.3)\n"
    "  --ech-key FILE          decrypt ClientHellos (ECH) with this key, from galvan ech-keygen; "
    "may\n"
    "                          be given several times, and clients are told the first\n"
    "  --alpn A,B              the protocols to accept, the preferred first (http/1.1 and "
    "http/1.0;\n"
    "                          none with --echo)\n"
    "  --groups A,B            exchange keys in these groups\n"
    "  --tls12, --tls13        speak that version only\n"
    "  --once N                end after N connections\n"
    "  --max-clients N         so many at once (1000); others wait\n"
    "  --timeout SECONDS       for a client's handshake and request, and between bytes of an\n"
    "                          echo (10)\n"
    "  --rekey BYTES           with --echo: ask for new keys each time so many bytes were sent\n"
    "                          (TLS 1.3)\n"
    "  --keylog FILE           append the secrets to FILE, for Wireshark; whoever has it can\n"
    "                          read the traffic\n"
    "  --json                  log as JSON, one object on a line\n"
    "  --quiet                 no log of connections\n"
    "  --help                  this text\n"
    "\n"
    "SIGINT and SIGTERM let it say goodbye and end. Ends with 0 then, and with 2 when an\n"
    "option or a file is wrong or the address is taken. galvan(1) says more.\n";

/* ---- options -------------------------------------------------------------------------------- */

enum option_id {
    OPT_HELP = 'h',
    OPT_CERT = 256,
    OPT_KEY,
    OPT_PSK,
    OPT_PSK_IMPORT,
    OPT_LISTEN,
    OPT_PORT,
    OPT_ECHO,
    OPT_CLIENT_CA,
    OPT_REQUIRE,
    OPT_TICKETS,
    OPT_EARLY_DATA,
    OPT_ECH_KEY,
    OPT_ALPN,
    OPT_GROUPS,
    OPT_TLS12,
    OPT_TLS13,
    OPT_ONCE,
    OPT_MAX_CLIENTS,
    OPT_TIMEOUT,
    OPT_REKEY,
    OPT_KEYLOG,
    OPT_JSON,
    OPT_QUIET
};

static const struct option options[] = {
    {"cert", required_argument, NULL, OPT_CERT},
    {"key", required_argument, NULL, OPT_KEY},
    {"psk", required_argument, NULL, OPT_PSK},
    {"psk-import", required_argument, NULL, OPT_PSK_IMPORT},
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"port", required_argument, NULL, OPT_PORT},
    {"echo", no_argument, NULL, OPT_ECHO},
    {"client-ca", required_argument, NULL, OPT_CLIENT_CA},
    {"require-client-cert", no_argument, NULL, OPT_REQUIRE},
    {"tickets", no_argument, NULL, OPT_TICKETS},
    {"early-data", required_argument, NULL, OPT_EARLY_DATA},
    {"ech-key", required_argument, NULL, OPT_ECH_KEY},
    {"alpn", required_argument, NULL, OPT_ALPN},
    {"groups", required_argument, NULL, OPT_GROUPS},
    {"tls12", no_argument, NULL, OPT_TLS12},
    {"tls13", no_argument, NULL, OPT_TLS13},
    {"once", required_argument, NULL, OPT_ONCE},
    {"max-clients", required_argument, NULL, OPT_MAX_CLIENTS},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"rekey", required_argument, NULL, OPT_REKEY},
    {"keylog", required_argument, NULL, OPT_KEYLOG},
    {"json", no_argument, NULL, OPT_JSON},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static bool take_port(struct server *s, const char *value)
{
    long port;
    if (!option_number(&port, "--port", value, 0, 65535))
        return false;
    (void)snprintf(s->at.host, sizeof s->at.host, "127.0.0.1");
    (void)snprintf(s->at.port, sizeof s->at.port, "%ld", port);
    return true;
}

static bool take_option(struct server *s, int id, char *value)
{
    struct tls_options *tls = &s->tls;
    switch (id) {
    case OPT_CERT:
        return config_add_file(tls->cert, &tls->cert_count, value);
    case OPT_KEY:
        return config_add_file(tls->key, &tls->key_count, value);
    case OPT_PSK:
        return psk_add(&tls->psks, value);
    case OPT_PSK_IMPORT:
        tls->psks.context = value;
        return true;
    case OPT_LISTEN:
        return option_endpoint(&s->at, value, 0);
    case OPT_PORT:
        return take_port(s, value);
    case OPT_ECHO:
        return s->service.echo = true;
    case OPT_CLIENT_CA:
        tls->ca = value;
        return true;
    case OPT_REQUIRE:
        return tls->require_client_cert = true;
    case OPT_TICKETS:
        return tls->tickets = true;
    case OPT_EARLY_DATA:
        return option_number(&tls->max_early_data, "--early-data", value, 1, PEER_EARLY_MAX);
    case OPT_ECH_KEY:
        return config_add_file(tls->ech_key, &tls->ech_key_count, value);
    case OPT_ALPN:
        return option_alpn(&tls->alpn, value);
    case OPT_GROUPS:
        return option_groups(&tls->groups, value);
    case OPT_TLS12:
        return tls->tls12 = true;
    case OPT_TLS13:
        return tls->tls13 = true;
    case OPT_ONCE:
        return option_number(&s->once, "--once", value, 1, ONCE_MAX);
    case OPT_MAX_CLIENTS:
        return option_number(&s->max_clients, "--max-clients", value, 1, CLIENTS_MAX);
    case OPT_TIMEOUT:
        return option_number(&s->timeout, "--timeout", value, 1, TIMEOUT_MAX);
    case OPT_REKEY:
        return option_number(&s->rekey, "--rekey", value, 1, REKEY_MAX);
    case OPT_KEYLOG:
        tls->keylog = value;
        return true;
    case OPT_JSON:
        return s->service.json = true;
    default: /* OPT_QUIET */
        return s->service.quiet = true;
    }
}

static bool check_options(struct server *s)
{
    psk_settle(&s->tls.psks);
    if (s->tls.cert_count == 0 && s->tls.psks.count == 0)
        tool_complain("wants --cert FILE and --key FILE; --help says more");
    else if (s->tls.psks.context != NULL && s->tls.psks.count == 0)
        tool_complain("--psk-import wants --psk NAME:KEY");
    else if (s->tls.psks.count != 0 && s->tls.require_client_cert)
        tool_complain("--psk and --require-client-cert contradict each other: who has a key is "
                      "not asked for a certificate");
    else if (s->tls.require_client_cert && s->tls.ca == NULL)
        tool_complain("--require-client-cert wants --client-ca FILE");
    else if (s->tls.ech_key_count != 0 && s->tls.tls12 && !s->tls.tls13)
        tool_complain("--ech-key wants TLS 1.3: leave --tls12 out");
    else if (s->tls.tickets && s->tls.max_early_data != 0)
        tool_complain("--tickets and --early-data contradict each other: a ticket may be used "
                      "twice, early data may not");
    else
        return s->service.echo || s->tls.alpn.count != 0 ||
               option_alpn(&s->tls.alpn, "http/1.1,http/1.0");
    return false;
}

/* -1: go on; else the status to end with. */
static int parse(struct server *s, int argc, char **argv)
{
    for (int id; (id = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (id == OPT_HELP)
            return fputs(help, stdout) < 0 ? STATUS_FAILED : STATUS_OK;
        if (id == '?' || !take_option(s, id, optarg))
            return STATUS_USAGE;
    }
    if (optind != argc) {
        tool_complain("\"%s\" is no option; --help lists them", argv[optind]);
        return STATUS_USAGE;
    }
    s->service.timeout = (double)s->timeout * 1e3;
    s->service.rekey = (unsigned long)s->rekey;
    return check_options(s) ? -1 : STATUS_USAGE;
}

/* ---- what epoll watches --------------------------------------------------------------------- */

static bool watch(const struct server *s, int operation, int fd, uint32_t events, void *who)
{
    struct epoll_event e = {.events = events, .data = {.ptr = who}};
    return epoll_ctl(s->epoll, operation, fd, &e) == 0;
}

/* The listener is watched while there is room. Clients that come meanwhile wait in its queue. */
static void update_listener(struct server *s, bool room)
{
    bool wanted = room && s->clients < s->max_clients;
    if (s->listener < 0 || wanted == s->listens)
        return;
    s->listens = wanted;
    (void)watch(s, EPOLL_CTL_MOD, s->listener, wanted ? (uint32_t)EPOLLIN : 0, &s->listener);
}

static void stop_listening(struct server *s)
{
    if (s->listener >= 0)
        (void)close(s->listener);
    s->listener = -1;
}

static void remove_peer(struct server *s, struct peer *p)
{
    *p->from = p->next;
    if (p->next != NULL)
        p->next->from = p->from;
    peer_free(p); /* closing its socket takes it from the epoll set */
    s->clients--;
    update_listener(s, true);
    if (s->listener < 0 && s->peers == NULL)
        s->done = true;
}

static void work(struct server *s, struct peer *p, uint32_t events)
{
    peer_work(p, events);
    uint32_t wants = peer_wants(p);
    bool watched = true;
    if (wants != p->asked)
        watched = watch(s, EPOLL_CTL_MOD, p->wire.fd, wants, p);
    p->asked = wants;
    if (p->phase == PEER_OVER || !watched)
        remove_peer(s, p);
}

static void add_peer(struct server *s, int fd, const char *address)
{
    struct peer *p = peer_new(&s->service, fd, address);
    if (p == NULL)
        return;
    p->next = s->peers;
    p->from = &s->peers;
    if (p->next != NULL)
        p->next->from = &p->next;
    s->peers = p;
    p->asked = EPOLLIN;
    s->clients++;
    if (watch(s, EPOLL_CTL_ADD, fd, p->asked, p))
        work(s, p, 0);
    else
        remove_peer(s, p);
}

static void accept_clients(struct server *s)
{
    char address[ADDRESS_TEXT];
    for (int i = 0; i < EVENTS && s->clients < s->max_clients; i++) {
        int fd = net_accept(s->listener, address);
        if (fd < 0) {
            /* Out of descriptors or memory: wait for the next tick, or for a client to leave. */
            bool none = errno == EAGAIN || errno == EWOULDBLOCK || errno == ECONNABORTED;
            update_listener(s, none || errno == EINTR);
            return;
        }
        s->accepted++;
        bool last = s->once != 0 && s->accepted == (unsigned long)s->once;
        if (last)
            stop_listening(s);
        add_peer(s, fd, address);
        if (last)
            return;
    }
    update_listener(s, true);
}

/* ---- the loop ------------------------------------------------------------------------------- */

/* The first signal lets everybody say goodbye, the second does not. */
static void stop(struct server *s)
{
    struct signalfd_siginfo info;
    (void)!read(s->signals, &info, sizeof info);
    s->done = s->stopping || s->peers == NULL;
    s->stopping = true;
    stop_listening(s);
    const double end = net_now() + STOP_MS;
    for (struct peer *p = s->peers, *next; p != NULL; p = next) {
        next = p->next;
        peer_stop(p);
        p->deadline = p->deadline < end ? p->deadline : end;
        work(s, p, 0);
    }
}

static void tick(struct server *s)
{
    const double now = net_now();
    if (now - s->last_tick < TICK_MS)
        return;
    s->last_tick = now;
    for (struct peer *p = s->peers, *next; p != NULL; p = next) {
        next = p->next;
        if (p->deadline > now)
            continue;
        peer_expire(p);
        remove_peer(s, p);
    }
    update_listener(s, true);
}

static void handle(struct server *s, const struct epoll_event *e)
{
    if (e->data.ptr == &s->signals)
        stop(s);
    else if (e->data.ptr != &s->listener)
        work(s, e->data.ptr, e->events);
    else if (s->listener >= 0)
        accept_clients(s);
}

/* The listener and the signals come last, so that no peer of this round is gone before its turn. */
static void handle_all(struct server *s, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr != &s->signals && events[i].data.ptr != &s->listener)
            handle(s, &events[i]);
    }
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == &s->signals || events[i].data.ptr == &s->listener)
            handle(s, &events[i]);
    }
}

static int loop(struct server *s)
{
    struct epoll_event events[EVENTS];
    while (!s->done) {
        bool idle = s->peers == NULL && s->listens;
        int count = epoll_wait(s->epoll, events, EVENTS, idle ? -1 : TICK_MS);
        if (count < 0 && errno != EINTR) {
            tool_complain("epoll: %s", strerror(errno));
            return STATUS_FAILED;
        }
        handle_all(s, events, count < 0 ? 0 : count);
        tick(s);
    }
    return STATUS_OK;
}

/* ---- the run -------------------------------------------------------------------------------- */

/* The signals that end it are read as events, so that they come between two steps. */
static bool open_loop(struct server *s)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->signals = sigprocmask(SIG_BLOCK, &set, NULL) == 0
                     ? signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)
                     : -1;
    s->listens = s->epoll >= 0 && s->signals >= 0 &&
                 watch(s, EPOLL_CTL_ADD, s->signals, EPOLLIN, &s->signals) &&
                 watch(s, EPOLL_CTL_ADD, s->listener, EPOLLIN, &s->listener);
    if (!s->listens)
        tool_complain("epoll: %s", strerror(errno));
    return s->listens;
}

static void close_loop(struct server *s)
{
    while (s->peers != NULL) {
        s->peers->trouble = "the server was stopped";
        remove_peer(s, s->peers);
    }
    stop_listening(s);
    if (s->epoll >= 0)
        (void)close(s->epoll);
    if (s->signals >= 0)
        (void)close(s->signals);
}

static int run(struct server *s)
{
    char address[ADDRESS_TEXT];
    int status = STATUS_USAGE;
    s->service.config = config_server(&s->tls);
    psk_wipe(&s->tls.psks);
    if (s->service.config == NULL)
        return STATUS_USAGE;
    s->listener = net_listen(&s->at, address);
    if (s->listener >= 0 && open_loop(s)) {
        journal_listening(&s->service, address);
        status = loop(s);
    }
    close_loop(s);
    if (status == STATUS_OK)
        journal_stopped(&s->service, s->accepted);
    rustls_server_config_free(s->service.config);
    return status;
}

int galvan_tool_server(int argc, char **argv)
{
    struct server s = {
        .at = {.host = "127.0.0.1", .port = "4433"},
        .timeout = TIMEOUT_DEFAULT,
        .max_clients = CLIENTS_DEFAULT,
        .epoll = -1,
        .listener = -1,
        .signals = -1,
    };
    int status = parse(&s, argc, argv);
    return status < 0 ? run(&s) : status;
}
