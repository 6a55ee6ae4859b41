// The preview server: builds once, then shows the output folder on the loopback
// address. Every file is opened beneath that folder and through no link; the
// Host has to be ours (against DNS rebinding); a bad request is an answer,
// never an end.

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/escape.h"
#include "cmd/args.h"

enum { PORT = 1313, MAX_FILE = 256 * 1024 * 1024, MAX_URL = 8 * 1024 };

typedef struct {
    FsRoot root;
    Str base_path; // of baseURL
    int port;
} Server;

// --- one request

typedef struct {
    const Server *server;
    struct MHD_Connection *connection;
    Job *job;
} Request;

static const char *type_of(Str path) {
    static const struct {
        Str ext;
        const char *type;
    } types[] = {
        {S_INIT("html"), "text/html; charset=utf-8"},
        {S_INIT("css"), "text/css; charset=utf-8"},
        {S_INIT("js"), "text/javascript; charset=utf-8"},
        {S_INIT("json"), "application/json"},
        {S_INIT("xml"), "application/xml"},
        {S_INIT("ics"), "text/calendar; charset=utf-8"},
        {S_INIT("txt"), "text/plain; charset=utf-8"},
        {S_INIT("svg"), "image/svg+xml"},
        {S_INIT("png"), "image/png"},
        {S_INIT("jpg"), "image/jpeg"},
        {S_INIT("jpeg"), "image/jpeg"},
        {S_INIT("webp"), "image/webp"},
        {S_INIT("gif"), "image/gif"},
        {S_INIT("ico"), "image/x-icon"},
        {S_INIT("pdf"), "application/pdf"},
        {S_INIT("woff2"), "font/woff2"},
        {S_INIT("mp4"), "video/mp4"},
        {S_INIT("mp3"), "audio/mpeg"},
    };
    Str ext = path_ext(path);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq_nocase(types[i].ext, ext))
            return types[i].type;
    return "application/octet-stream";
}

static enum MHD_Result answer(const Request *r, unsigned code, Str body,
                              const char *type, const char *location) {
    // The bytes lie in the request's arena: the library keeps a copy.
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.ptr, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    if (location)
        MHD_add_response_header(response, "Location", location);
    enum MHD_Result result = MHD_queue_response(r->connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result say(const Request *r, unsigned code, const char *text) {
    return answer(r, code, str_from(text), "text/plain; charset=utf-8", NULL);
}

// Decodes %XX once. False for a bad or zero code.
static bool decode(Arena *a, Str s, Str *out) {
    Buf b = {.arena = a};
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '%') {
            buf_putc(&b, s.ptr[i]);
            continue;
        }
        int byte = escape_byte(s, i);
        if (byte <= 0)
            return false;
        buf_putc(&b, (char)byte);
        i += 2;
    }
    *out = buf_str(&b);
    return true;
}

static bool is_our_host(const Request *r) {
    const char *value =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Host");
    static const Str names[] = {S_INIT("localhost"), S_INIT("127.0.0.1"),
                                S_INIT("[::1]")};
    Str host = value ? str_from(value) : (Str){0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str full = str_fmt(r->job->scratch, "%.*s:%d", STR_ARG(names[i]),
                           r->server->port);
        if (str_eq_nocase(host, full))
            return true;
    }
    return false;
}

static bool read_file(const Request *r, Str path, Str *out) {
    bool exists;
    FsEntry entry;
    return path_is_safe(path) &&
           fs_stat(r->job, &r->server->root, path, &exists, &entry) && exists &&
           entry.kind == FS_FILE &&
           fs_read(r->job, r->job->scratch, &r->server->root, path, MAX_FILE,
                   out);
}

// The page in the language whose folder the path begins with, else the site's.
static enum MHD_Result not_found(const Request *r, Str path) {
    Str body, top;
    if (str_cut(&path, '/', &top) && top.len &&
        read_file(r, path_join(r->job->scratch, top, S("404.html")), &body))
        return answer(r, 404, body, "text/html; charset=utf-8", NULL);
    if (read_file(r, S("404.html"), &body))
        return answer(r, 404, body, "text/html; charset=utf-8", NULL);
    return say(r, 404, "404\n");
}

static enum MHD_Result redirect(const Request *r, const char *raw) {
    Str to = str_fmt(r->job->scratch, "%s/", raw);
    return answer(r, 301, S(""), "text/plain; charset=utf-8",
                  str_cstr(r->job->scratch, to));
}

static enum MHD_Result serve_path(const Request *r, const char *raw) {
    Str url = str_from(raw), path, body, base = r->server->base_path;
    if (url.len > MAX_URL)
        return say(r, 414, "414\n");
    if (!decode(r->job->scratch, url, &path) || !str_starts(path, S("/")))
        return say(r, 400, "400\n");
    if (base.len && str_eq(path, S("/")))
        return redirect(r, str_cstr(r->job->scratch, base));
    if (!str_starts(path, base))
        return not_found(r, (Str){0});
    path = str_slice(path, base.len, path.len);
    if (!str_starts(path, S("/")))
        return path.len ? not_found(r, (Str){0}) : redirect(r, raw);
    path = str_slice(path, 1, path.len);
    Arena *a = r->job->scratch;
    bool is_folder = !path.len || str_ends(path, S("/"));
    if (is_folder)
        path = str_fmt(a, "%.*sindex.html", STR_ARG(path));
    if (read_file(r, path, &body))
        return answer(r, 200, body, type_of(path), NULL);
    Str index = path_join(a, path, S("index.html"));
    if (!is_folder && read_file(r, index, &body))
        return redirect(r, raw);
    return not_found(r, path);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_size, void **state) {
    Arena *arena = arena_new();
    Diags diags = {.arena = arena}; // a bad request is no message of ours
    Job job = {arena, arena, &diags, NULL};
    Request r = {ctx, connection, &job};
    enum MHD_Result result;
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)state;
    if (!is_our_host(&r))
        result = say(&r, 403, "403: this Host is not ours\n");
    else if (strcmp(method, "GET") && strcmp(method, "HEAD"))
        result = say(&r, 405, "405\n");
    else
        result = serve_path(&r, url);
    arena_free(arena);
    return result;
}

// --- the server

// The library would decode for us, and cut at %00.
static size_t no_unescape(void *ctx, struct MHD_Connection *c, char *s) {
    (void)ctx;
    (void)c;
    return strlen(s);
}

__attribute__((format(printf, 2, 0))) static void
no_log(void *ctx, const char *fmt, va_list ap) {
    (void)ctx;
    (void)fmt;
    (void)ap;
}

static struct MHD_Daemon *start(Server *s) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)s->port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_request, s, MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL,
        MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_CONNECTION_LIMIT, 64u,
        MHD_OPTION_CONNECTION_TIMEOUT, 10u, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)32 * 1024, MHD_OPTION_UNESCAPE_CALLBACK, no_unescape, NULL,
        MHD_OPTION_END);
}

// Until Ctrl-C or a polite kill.
static void wait_for_end(const sigset_t *signals) {
    int which;
    while (sigwait(signals, &which) == EINTR)
        continue;
}

static int serve(Job *job, Server *s, Str dir) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL); // threads inherit it
    if (!fs_open_root(job, dir, &s->root))
        return EXIT_SYSTEM;
    struct MHD_Daemon *daemon = start(s);
    if (!daemon) {
        diag_error(job->diags, "E-SYSTEM", (Pos){0},
                   _("the port %d cannot be opened: %s"), s->port,
                   strerror(errno));
        diag_hint(job->diags, _("choose another one with --port"));
        fs_close_root(&s->root);
        return EXIT_SYSTEM;
    }
    printf(_("The site is at http://localhost:%d%.*s/ (Ctrl-C to end)\n"),
           s->port, STR_ARG(s->base_path));
    fflush(stdout);
    wait_for_end(&signals);
    MHD_stop_daemon(daemon);
    fs_close_root(&s->root);
    return EXIT_GOOD;
}

// In a child, so that whatever a build may do, the server lives.
static int build_in_child(int argc, char **argv) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execv("/proc/self/exe", argv);
        _exit(EXIT_SYSTEM);
    }
    (void)argc;
    int status = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
}

// The same arguments, as `loa build` and without the ones it does not know.
static int build_first(Job *job, const Args *args, int argc, char **argv) {
    char **list = ARENA_ARRAY(job->keep, char *, (size_t)argc + 2);
    int n = 0;
    (void)args;
    list[n++] = (char *)(uintptr_t)str_cstr(job->keep, S("loa"));
    list[n++] = (char *)(uintptr_t)str_cstr(job->keep, S("build"));
    for (int i = 1; i < argc; i++) {
        Str arg = str_from(argv[i]);
        if (str_eq(arg, S("--port")) || str_eq(arg, S("-p")))
            i++;
        else if (!str_starts(arg, S("--port=")) &&
                 !(str_starts(arg, S("-p")) && arg.len > 2))
            list[n++] = argv[i];
    }
    list[n] = NULL;
    return build_in_child(n, list);
}

// What the output folder and the base path are, without reading content.
static bool find_output(Job *job, const BuildOptions *opt, Server *s,
                        Str *dir) {
    FsRoot root;
    Config cfg = {0};
    if (!fs_open_root(job, opt->source, &root))
        return false;
    size_t first = job->diags->len;
    bool ok = config_load(job, &root, &opt->flags, opt->env, &cfg);
    fs_close_root(&root);
    if (ok)
        job->diags->len = first; // the build has said its notes already
    s->base_path = cfg.base_path;
    *dir = cfg.publish_dir;
    if (!opt->flags.publish_dir.len && !str_starts(*dir, S("/")))
        *dir = path_join(job->keep, opt->source, *dir);
    return ok;
}

int cmd_serve(Job *job, int argc, char **argv) {
    Args args;
    BuildOptions opt;
    unsigned threads;
    int64_t port = PORT;
    Server s = {0};
    Str dir;
    if (!args_parse(job, argc, argv, 0, &args) ||
        !args_build_options(job, &args, &opt, &threads) ||
        !args_number(job, &args, "--port", 1, 65535, &port))
        return EXIT_USAGE;
    s.port = (int)port;
    opt.flags.publish_dir = args_get(&args, "--destination");
    opt.flags.base_url = args_get(&args, "--baseURL");
    if (!args_has(&args, "--no-build")) {
        int status = build_first(job, &args, argc, argv);
        if (status != EXIT_GOOD)
            return status;
    }
    if (!find_output(job, &opt, &s, &dir))
        return EXIT_CONTENT;
    return serve(job, &s, dir);
}
