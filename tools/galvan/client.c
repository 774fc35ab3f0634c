/* galvan client: connects, shows what was agreed on and with whom, moves bytes between the server
 * and standard input and output, and says in plain words what went wrong where something did. */
#include "base64.h"
#include "config.h"
#include "describe.h"
#include "report.h"
#include "session.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT_DEFAULT = 10, TIMEOUT_MAX = 86400, REKEY_MAX = 1 << 30, RECONNECT_MAX = 1000000 };

struct client {
    struct endpoint to;
    struct tls_options tls;
    const char *server_name, *http_path, *output;
    bool json, quiet, keep_open;
    long timeout, rekey, reconnect;

    char address[ADDRESS_TEXT];
    double connect_ms, handshake_ms;
    struct session session;
    struct http_response response;
};

static const char help[] =
    "Usage: galvan client [OPTION]... HOST[:PORT]\n"
    "\n"
    "Connects to a TLS server (port 443 unless said otherwise), checks its certificate, shows\n"
    "what was agreed on, then sends standard input and writes what comes to standard output.\n"
    "What it has to say goes to standard error.\n"
    "\n"
    "  --ca FILE           trust the roots in this PEM file, not those of the system\n"
    "  --servername NAME   the name to ask for and to check, in place of HOST\n"
    "  --insecure          DANGER: believe any certificate; anybody can listen in\n"
    "  --http PATH         send GET PATH, show the response, and end\n"
    "  --reconnect N       with --http: do it N times more, and resume the session\n"
    "  --early-data        with it: send the request before the handshake (TLS 1.3)\n"
    "  --alpn A,B          offer these protocols (with --http: http/1.1)\n"
    "  --groups A,B        exchange keys in these groups, the preferred first\n"
    "  --tls12, --tls13    speak that version only\n"
    "  --ech CONFIGS       hide NAME from who listens (Encrypted Client Hello): the server's\n"
    "                      configurations, in base64 as DNS has them, or a file with them\n"
    "  --ech-grease        pretend to do so\n"
    "  --cert FILE         a certificate of our own, chain in PEM, for servers that ask\n"
    "  --key FILE          its private key in PEM\n"
    "  --psk NAME:KEY      offer this pre-shared key, in hexadecimal (TLS 1.3); nothing else will\n"
    "                      do without --ca\n"
    "  --psk-import TEXT   import the keys with this context (RFC 9258)\n"
    "  --output FILE       write what comes into FILE\n"
    "  --keep-open         at the end of standard input, let the server close first\n"
    "  --rekey BYTES       ask for new keys each time so many bytes were sent (TLS 1.3)\n"
    "  --keylog FILE       append the secrets to FILE, for Wireshark; whoever has it can read\n"
    "                      the traffic\n"
    "  --timeout SECONDS   give up when nothing moves for so long (10)\n"
    "  --json              one JSON object on standard output, with everything\n"
    "  --quiet             say nothing unless it fails\n"
    "  --help              this text\n"
    "\n"
    "Ends with 0 when all went well, 1 when the connection or the server's certificate failed,\n"
    "2 when an option, a file, the host or the port is wrong. galvan(1) says more.\n";

/* ---- options -------------------------------------------------------------------------------- */

enum option_id {
    OPT_HELP = 'h',
    OPT_CA = 256,
    OPT_SERVERNAME,
    OPT_INSECURE,
    OPT_HTTP,
    OPT_RECONNECT,
    OPT_EARLY_DATA,
    OPT_ALPN,
    OPT_GROUPS,
    OPT_TLS12,
    OPT_TLS13,
    OPT_ECH,
    OPT_ECH_GREASE,
    OPT_CERT,
    OPT_KEY,
    OPT_PSK,
    OPT_PSK_IMPORT,
    OPT_OUTPUT,
    OPT_KEEP_OPEN,
    OPT_REKEY,
    OPT_KEYLOG,
    OPT_TIMEOUT,
    OPT_JSON,
    OPT_QUIET
};

static const struct option options[] = {
    {"ca", required_argument, NULL, OPT_CA},
    {"servername", required_argument, NULL, OPT_SERVERNAME},
    {"insecure", no_argument, NULL, OPT_INSECURE},
    {"http", required_argument, NULL, OPT_HTTP},
    {"reconnect", required_argument, NULL, OPT_RECONNECT},
    {"early-data", no_argument, NULL, OPT_EARLY_DATA},
    {"alpn", required_argument, NULL, OPT_ALPN},
    {"groups", required_argument, NULL, OPT_GROUPS},
    {"tls12", no_argument, NULL, OPT_TLS12},
    {"tls13", no_argument, NULL, OPT_TLS13},
    {"ech", required_argument, NULL, OPT_ECH},
    {"ech-grease", no_argument, NULL, OPT_ECH_GREASE},
    {"cert", required_argument, NULL, OPT_CERT},
    {"key", required_argument, NULL, OPT_KEY},
    {"psk", required_argument, NULL, OPT_PSK},
    {"psk-import", required_argument, NULL, OPT_PSK_IMPORT},
    {"output", required_argument, NULL, OPT_OUTPUT},
    {"keep-open", no_argument, NULL, OPT_KEEP_OPEN},
    {"rekey", required_argument, NULL, OPT_REKEY},
    {"keylog", required_argument, NULL, OPT_KEYLOG},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"json", no_argument, NULL, OPT_JSON},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static bool take_option(struct client *c, int id, char *value)
{
    struct tls_options *tls = &c->tls;
    switch (id) {
    case OPT_CA:
        tls->ca = value;
        return true;
    case OPT_SERVERNAME:
        c->server_name = value;
        return true;
    case OPT_INSECURE:
        return tls->insecure = true;
    case OPT_HTTP:
        c->http_path = value;
        return true;
    case OPT_RECONNECT:
        return option_number(&c->reconnect, "--reconnect", value, 1, RECONNECT_MAX);
    case OPT_EARLY_DATA:
        return tls->early_data = true;
    case OPT_ALPN:
        return option_alpn(&tls->alpn, value);
    case OPT_GROUPS:
        return option_groups(&tls->groups, value);
    case OPT_TLS12:
        return tls->tls12 = true;
    case OPT_TLS13:
        return tls->tls13 = true;
    case OPT_ECH:
        tls->ech = value;
        return true;
    case OPT_ECH_GREASE:
        return tls->ech_grease = true;
    case OPT_CERT:
        return config_add_file(tls->cert, &tls->cert_count, value);
    case OPT_KEY:
        return config_add_file(tls->key, &tls->key_count, value);
    case OPT_PSK:
        return psk_add(&tls->psks, value);
    case OPT_PSK_IMPORT:
        tls->psks.context = value;
        return true;
    case OPT_OUTPUT:
        c->output = value;
        return true;
    case OPT_KEEP_OPEN:
        return c->keep_open = true;
    case OPT_REKEY:
        return option_number(&c->rekey, "--rekey", value, 1, REKEY_MAX);
    case OPT_KEYLOG:
        tls->keylog = value;
        return true;
    case OPT_TIMEOUT:
        return option_number(&c->timeout, "--timeout", value, 1, TIMEOUT_MAX);
    case OPT_JSON:
        return c->json = true;
    default: /* OPT_QUIET */
        return c->quiet = true;
    }
}

/* A path goes into a request line, where a space or a line end would begin something else. */
static bool check_path(const char *path)
{
    bool good = path[0] == '/';
    for (const char *p = path; *p != '\0'; p++)
        good = good && *p > ' ' && *p <= '~';
    if (!good || strlen(path) > HTTP_PATH_MAX)
        tool_complain("--http: wants a path that begins with / and has at most %d visible ASCII "
                      "characters",
                      HTTP_PATH_MAX);
    return good && strlen(path) <= HTTP_PATH_MAX;
}

static bool check_options(struct client *c)
{
    if (c->tls.insecure && c->tls.ca != NULL) {
        tool_complain("--insecure and --ca contradict each other");
        return false;
    }
    if (c->tls.psks.context != NULL && c->tls.psks.count == 0) {
        tool_complain("--psk-import wants --psk NAME:KEY");
        return false;
    }
    psk_settle(&c->tls.psks);
    if (c->tls.ech != NULL && c->tls.ech_grease) {
        tool_complain("--ech and --ech-grease contradict each other");
        return false;
    }
    if ((c->tls.ech != NULL || c->tls.ech_grease) && c->tls.tls12) {
        tool_complain("--tls12 contradicts --ech and --ech-grease, which only TLS 1.3 has");
        return false;
    }
    if (c->http_path == NULL && c->reconnect != 0) {
        tool_complain("--reconnect wants --http PATH: standard input can be sent but once");
        return false;
    }
    if (c->tls.early_data && c->reconnect == 0) {
        tool_complain("--early-data wants --reconnect N: it takes a session to be resumed");
        return false;
    }
    if (c->http_path != NULL && !check_path(c->http_path))
        return false;
    if (c->http_path != NULL && c->tls.alpn.count == 0)
        return option_alpn(&c->tls.alpn, "http/1.1");
    return true;
}

/* -1: go on; else the status to end with. */
static int parse(struct client *c, int argc, char **argv)
{
    for (int id; (id = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (id == OPT_HELP)
            return fputs(help, stdout) < 0 ? STATUS_FAILED : STATUS_OK;
        if (id == '?' || !take_option(c, id, optarg))
            return STATUS_USAGE;
    }
    if (argc - optind != 1) {
        tool_complain("wants one HOST or HOST:PORT, got %d; --help says more", argc - optind);
        return STATUS_USAGE;
    }
    if (!option_endpoint(&c->to, argv[optind], 1) || !check_options(c))
        return STATUS_USAGE;
    if (c->server_name == NULL)
        c->server_name = c->to.host;
    return -1;
}

/* ---- what is said --------------------------------------------------------------------------- */

static bool is_by_psk(const struct client *c)
{
    struct rustls_slice_bytes identity;
    return galvan_connection_get_psk_identity(c->session.conn, &identity, NULL) == RUSTLS_RESULT_OK;
}

static void add_trust(struct text *t, const struct client *c)
{
    if (is_by_psk(c))
        text_add(t, "  Verified      yes: it has the key; certificates had no part in it\n");
    else if (c->tls.insecure)
        text_add(t, "  Verified      NO: with --insecure anybody could be at the other end\n");
    else
        text_format(t, "  Verified      yes: for \"%s\", by %s\n", c->server_name,
                    c->tls.ca == NULL ? "the system's trusted authorities" : c->tls.ca);
}

static void say_agreed(const struct client *c)
{
    struct text t = {.at = NULL};
    if (c->json || c->quiet)
        return;
    text_format(&t, "Connected to %s in %.1f ms; TLS handshake in %.1f ms\n", c->address,
                c->connect_ms, c->handshake_ms);
    report_agreed(&t, c->session.conn);
    add_trust(&t, c);
    report_chain(&t, c->session.conn);
    (void)text_print(&t, stderr);
}

static void say_totals(const struct client *c, enum session_end end, double ms)
{
    const struct session *s = &c->session;
    if (c->json || c->quiet)
        return;
    tool_complain("sent %llu bytes and received %llu (on the wire %llu and %llu) in %.1f ms; %s",
                  s->out.total, s->in.total, s->wire.out, s->wire.in, ms,
                  end != SESSION_CLOSED                ? "the server ended without close_notify"
                  : s->closed_first || s->http != NULL ? "closed in good order"
                                                       : "the server closed in good order");
}

static void add_bytes_json(struct json *j, const struct session *s)
{
    json_open(j, "bytes", '{');
    json_number(j, "sent", (long long)s->out.total);
    json_number(j, "received", (long long)s->in.total);
    json_number(j, "wire_sent", (long long)s->wire.out);
    json_number(j, "wire_received", (long long)s->wire.in);
    json_close(j, '}');
}

static void say_json(const struct client *c, const struct failure *failure)
{
    const struct session *s = &c->session;
    struct text t = {.at = NULL};
    struct json j = {.to = &t};
    json_open(&j, NULL, '{');
    json_string(&j, "host", c->to.host);
    json_string(&j, "port", c->to.port);
    json_string(&j, "address", c->address);
    json_decimal(&j, "connect_ms", c->connect_ms);
    json_bool(&j, "handshake_complete", c->handshake_ms > 0);
    if (c->handshake_ms > 0)
        json_decimal(&j, "handshake_ms", c->handshake_ms);
    report_agreed_json(&j, s->conn);
    json_bool(&j, "verified", c->handshake_ms > 0 && (!c->tls.insecure || is_by_psk(c)));
    report_chain_json(&j, s->conn);
    add_bytes_json(&j, s);
    if (s->http != NULL && s->http->status != 0)
        json_number(&j, "http_status", s->http->status);
    if (failure != NULL)
        report_failure_json(&j, failure);
    json_close(&j, '}');
    text_add(&t, "\n");
    (void)text_print(&t, stdout);
}

/* ---- what went wrong ------------------------------------------------------------------------ */

static void say_failure(const struct client *c, const struct failure *f)
{
    struct text t = {.at = NULL};
    if (c->json) {
        say_json(c, f);
        return;
    }
    text_format(&t, "%s: ", tool_name);
    report_failure(&t, f);
    (void)text_print(&t, stderr);
}

static const char *phase(const struct client *c)
{
    return rustls_connection_is_handshaking(c->session.conn) ? "the handshake" : "the connection";
}

/* Where the server told its configurations of now: what to do with them. */
static void add_retry(const struct client *c, struct text *t)
{
    struct rustls_slice_bytes configs;
    if (galvan_connection_ech_retry_configs(c->session.conn, &configs) != RUSTLS_RESULT_OK)
        return;
    text_add(t, "the server has other configurations now; try once more, with --ech ");
    base64_write(t, configs.data, configs.len);
}

/* What the library knows: the server's alert, or our own verdict. */
static void say_tls_failure(const struct client *c)
{
    struct galvan_error_detail d;
    struct text what = {.at = NULL}, retry = {.at = NULL};
    if (galvan_connection_error_detail(c->session.conn, &d, sizeof d) != RUSTLS_RESULT_OK) {
        tool_complain("%s with %s port %s failed", phase(c), c->to.host, c->to.port);
        return;
    }
    text_format(&what, "%s with %s port %s failed: ", phase(c), c->to.host, c->to.port);
    if (report_is_peers_alert(&d)) {
        struct rustls_str alert = galvan_alert_name(d.alert);
        text_format(&what, "the server refused, with the alert %.*s", (int)alert.len, alert.data);
    } else
        text_add(&what, d.reason);
    add_retry(c, &retry);
    say_failure(c,
                &(struct failure){what.at == NULL ? d.reason : what.at,
                                  retry.at != NULL ? retry.at : advice_for(&d, ROLE_CLIENT), &d});
    text_drop(&what);
    text_drop(&retry);
}

static void say_plain_failure(const struct client *c, enum session_end end)
{
    bool early = rustls_connection_is_handshaking(c->session.conn);
    bool reset = c->session.error == ECONNRESET || c->session.error == EPIPE;
    struct text what = {.at = NULL};
    const char *advice = "try again, and look at the server's log";
    if (end == SESSION_CUT || (end == SESSION_BROKEN && early && reset)) {
        text_format(&what, "%s port %s closed %s", c->to.host, c->to.port,
                    early ? "in the middle of the handshake, without a word"
                          : "without a close_notify: what came may be cut short");
        advice = early ? "check that this port speaks TLS, and that HOST or --servername is a "
                         "name that the server knows"
                       : "compare the length with what you expect; many servers are careless here";
    } else if (end == SESSION_TIMED_OUT) {
        text_format(&what, "%s with %s port %s stands still: nothing came for %ld s", phase(c),
                    c->to.host, c->to.port, c->timeout);
        advice = early ? "check that this port speaks TLS, and speaks second: a protocol with "
                         "STARTTLS waits for words that are not TLS"
                       : "wait longer with --timeout SECONDS";
    } else if (end == SESSION_CLOSED) {
        text_format(&what, "%s port %s closed before it had taken everything", c->to.host,
                    c->to.port);
        advice = "the server did not want so much: look at what it answered";
    } else
        text_format(&what, "%s with %s port %s broke: %s", phase(c), c->to.host, c->to.port,
                    strerror(c->session.error));
    say_failure(c, &(struct failure){what.at == NULL ? "it failed" : what.at, advice, NULL});
    text_drop(&what);
}

static int fail(const struct client *c, enum session_end end)
{
    if (end == SESSION_LOCAL)
        tool_complain("standard input or the output cannot be used: %s",
                      strerror(c->session.error));
    else if (end == SESSION_FAILED)
        say_tls_failure(c);
    else
        say_plain_failure(c, end);
    return STATUS_FAILED;
}

/* ---- the run -------------------------------------------------------------------------------- */

/* The request takes the place of standard input. */
static bool prepare_request(struct client *c)
{
    struct half *out = &c->session.out;
    bool ipv6 = strchr(c->to.host, ':') != NULL, has_port = strcmp(c->to.port, "443") != 0;
    int n = snprintf((char *)out->at, sizeof out->at,
                     "GET %s HTTP/1.1\r\nHost: %s%s%s%s%s\r\nUser-Agent: galvan/%d.%d.%d\r\n"
                     "Accept: */*\r\nConnection: close\r\n\r\n",
                     c->http_path, ipv6 ? "[" : "", c->to.host, ipv6 ? "]" : "",
                     has_port ? ":" : "", has_port ? c->to.port : "", GALVAN_VERSION_MAJOR,
                     GALVAN_VERSION_MINOR, GALVAN_VERSION_PATCH);
    out->end = n < 0 || (size_t)n >= sizeof out->at ? 0 : (size_t)n;
    c->session.source = -1;
    c->session.http = &c->response;
    return out->end != 0;
}

static bool prepare_output(struct client *c)
{
    if (c->output == NULL) {
        c->session.sink = c->json ? -1 : STDOUT_FILENO;
        return true;
    }
    c->session.sink = open(c->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (c->session.sink < 0)
        tool_complain("--output: %s: %s", c->output, strerror(errno));
    return c->session.sink >= 0;
}

static bool chose_http1(const struct client *c)
{
    const uint8_t *name;
    size_t len;
    rustls_connection_get_alpn_protocol(c->session.conn, &name, &len);
    if (len == 0 || (len == 8 && memcmp(name, "http/1.1", 8) == 0))
        return true;
    tool_complain("the server chose another protocol than http/1.1, which is all that --http "
                  "speaks; leave out --alpn");
    return false;
}

/* The response is whole, or bytes are missing from it. */
static int end_of_http(const struct client *c)
{
    const struct http_response *r = &c->response;
    if (r->status == 0 || r->bad)
        tool_complain("what the server answered is not HTTP/1.1");
    else if (!http_response_complete(r, true))
        tool_complain("the response is cut short");
    else
        return STATUS_OK;
    return STATUS_FAILED;
}

/* Who has said goodbye need not wait for the server's, nor who has all of a response whose length is
 * told: many servers just close then. */
static bool is_done(const struct client *c, enum session_end end)
{
    const struct session *s = &c->session;
    if (s->http != NULL && s->http->part == HTTP_DONE)
        return end == SESSION_CLOSED || end == SESSION_CUT || end == SESSION_BROKEN;
    return !s->unsent && (end == SESSION_CLOSED || (end == SESSION_CUT && s->closed_first));
}

static int talk(struct client *c)
{
    struct session *s = &c->session;
    double begin = net_now();
    enum session_end end = session_handshake(s);
    if (end != SESSION_CLOSED)
        return fail(c, end);
    c->handshake_ms = net_now() - begin;
    say_agreed(c);
    if (c->http_path != NULL && !chose_http1(c))
        return STATUS_FAILED;
    begin = net_now();
    end = session_transfer(s);
    if (!is_done(c, end))
        return fail(c, end);
    if (c->json)
        say_json(c, NULL);
    say_totals(c, end, net_now() - begin);
    return s->http == NULL ? STATUS_OK : end_of_http(c);
}

/* What the session that is resumed allows of the request goes with the first message; that is all of
 * it, a part, or nothing. */
static void send_early(struct session *s)
{
    struct half *h = &s->out;
    size_t n = 0;
    if (galvan_connection_write_early_data(s->conn, h->at + h->start, h->end - h->start, &n) !=
        RUSTLS_RESULT_OK)
        return;
    h->start += n;
    h->total += n;
}

static int connect_and_talk(struct client *c, const struct rustls_client_config *config)
{
    struct session *s = &c->session;
    char words[RESULT_TEXT];
    double begin = net_now();
    rustls_result result = rustls_client_connection_new(config, c->server_name, &s->conn);
    if (result != RUSTLS_RESULT_OK) {
        tool_complain("\"%s\": %s", c->server_name, describe_result(result, words));
        return STATUS_USAGE;
    }
    if (c->tls.early_data)
        send_early(s);
    s->wire.fd = net_connect(&c->to, s->timeout, c->address);
    if (s->wire.fd < 0)
        return STATUS_USAGE;
    c->connect_ms = net_now() - begin;
    int status = talk(c);
    (void)close(s->wire.fd);
    return status;
}

/* One connection; what comes of all of them goes to one sink. */
static int run_once(struct client *c, const struct rustls_client_config *config)
{
    c->handshake_ms = 0;
    c->response = (struct http_response){.status = 0};
    c->session = (struct session){
        .source = STDIN_FILENO,
        .sink = c->session.sink,
        .keep_open = c->keep_open,
        .rekey = (unsigned long)c->rekey,
        .timeout = (double)c->timeout * 1e3,
    };
    if (c->http_path != NULL && !prepare_request(c)) {
        tool_complain("the request is too long");
        return STATUS_USAGE;
    }
    int status = connect_and_talk(c, config);
    rustls_connection_free(c->session.conn);
    return status;
}

static int run(struct client *c)
{
    int status = STATUS_USAGE;
    const struct rustls_client_config *config = config_client(&c->tls);
    psk_wipe(&c->tls.psks);
    if (config != NULL && prepare_output(c)) {
        status = STATUS_OK;
        for (long i = 0; i <= c->reconnect && status == STATUS_OK; i++)
            status = run_once(c, config);
    }
    rustls_client_config_free(config);
    return status;
}

int galvan_tool_client(int argc, char **argv)
{
    struct client *c = calloc(1, sizeof *c);
    if (c == NULL) {
        tool_complain("out of memory");
        return STATUS_FAILED;
    }
    c->to = (struct endpoint){.port = "443"};
    c->timeout = TIMEOUT_DEFAULT;
    int status = parse(c, argc, argv);
    if (status < 0)
        status = run(c);
    free(c);
    return status;
}
