// floor [-j THREADS] CORPUS [MANIFEST OUTDIR]
//
// The least a generator must do with a corpus: find the articles, read them,
// parse the front matter (libyaml's events), turn the bodies into HTML, and
// write as many files of the same sizes as a real generator made (MANIFEST).
// Each phase is timed alone, with a barrier after it.
//
// A measure, not a part of loa: it never frees, and it dies of any error.
#define _GNU_SOURCE
#include <cmark.h>
#include <err.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "common.h"

static struct files files, outputs;
static char **html;
static size_t *body;
static const char *outdir;
static atomic_size_t yaml_events, html_bytes, src_bytes;

static void do_read(void *arg, size_t i) {
    char *end;

    (void)arg;
    files.v[i].data = slurp(files.v[i].path, &files.v[i].size);
    atomic_fetch_add(&src_bytes, files.v[i].size);
    end = strstr(files.v[i].data, "\n---\n");
    if (strncmp(files.v[i].data, "---\n", 4) != 0 || end == NULL)
        errx(1, "%s: no front matter", files.v[i].path);
    body[i] = (size_t)(end - files.v[i].data) + 5;
}

static void do_yaml(void *arg, size_t i) {
    yaml_parser_t parser;
    yaml_event_t event;
    size_t n = 0;
    int done = 0;

    (void)arg;
    if (!yaml_parser_initialize(&parser))
        errx(1, "yaml");
    yaml_parser_set_input_string(
        &parser, (const unsigned char *)files.v[i].data + 4, body[i] - 8);
    while (!done) {
        if (!yaml_parser_parse(&parser, &event))
            errx(1, "%s: %s", files.v[i].path, parser.problem);
        done = event.type == YAML_STREAM_END_EVENT;
        n++;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    atomic_fetch_add(&yaml_events, n);
}

static void do_markdown(void *arg, size_t i) {
    const char *text = files.v[i].data + body[i];
    size_t len = files.v[i].size - body[i];
    cmark_node *doc;

    (void)arg;
    doc = cmark_parse_document(text, len, CMARK_OPT_DEFAULT);
    html[i] = cmark_render_html(doc, CMARK_OPT_DEFAULT);
    cmark_node_free(doc);
    atomic_fetch_add(&html_bytes, strlen(html[i]));
}

/* Fill the output file with rendered HTML, going round the articles. */
static void do_write(void *arg, size_t i) {
    char path[PATH_MAX];
    size_t at = 0, k = i % files.n, len, size = outputs.v[i].size;
    char *buf = must_alloc(NULL, size);

    (void)arg;
    while (at < size) {
        len = strlen(html[k]);
        if (len > size - at)
            len = size - at;
        memcpy(buf + at, html[k], len);
        at += len;
        k = (k + 1) % files.n;
    }
    snprintf(path, sizeof(path), "%s/%s", outdir, outputs.v[i].path);
    put(path, buf, size, WRITE_PLAIN);
    free(buf);
}

int main(int argc, char **argv) {
    double t[6] = {0};
    unsigned long sum = 5381;
    int c, threads = 1;
    size_t i;
    const char *p;

    while ((c = getopt(argc, argv, "j:")) != -1) {
        if (c != 'j')
            return 1;
        threads = atoi(optarg);
    }
    argv += optind;
    argc -= optind;
    if (argc != 1 && argc != 3)
        errx(1, "usage: floor [-j THREADS] CORPUS [MANIFEST OUTDIR]");
    t[0] = now();
    walk(&files, argv[0], ".md");
    html = must_alloc(NULL, files.n * sizeof(*html));
    body = must_alloc(NULL, files.n * sizeof(*body));
    t[1] = now();
    parallel(files.n, threads, do_read, NULL);
    t[2] = now();
    parallel(files.n, threads, do_yaml, NULL);
    t[3] = now();
    parallel(files.n, threads, do_markdown, NULL);
    t[4] = t[5] = now();
    if (argc == 3) {
        outdir = argv[2];
        read_manifest(&outputs, argv[1]);
        parallel(outputs.n, threads, do_write, NULL);
        t[5] = now();
    }
    // A sum over all the HTML, to see that threads change nothing.
    if (argc == 1)
        for (i = 0; i < files.n; i++)
            for (p = html[i]; *p; p++)
                sum = sum * 33 + (unsigned char)*p;
    printf("floor j%d: walk %.4f read %.4f yaml %.4f markdown %.4f write "
           "%.4f total %.4f s"
           "  (%zu articles, %zu source bytes, %zu yaml events, %zu html "
           "bytes, sum %016lx)\n",
           threads, t[1] - t[0], t[2] - t[1], t[3] - t[2], t[4] - t[3],
           t[5] - t[4], t[5] - t[0], files.n, (size_t)src_bytes,
           (size_t)yaml_events, (size_t)html_bytes, sum);
    return 0;
}
