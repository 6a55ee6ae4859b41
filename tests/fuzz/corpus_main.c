// Runs a fuzz target over the files named on the command line, so that its
// corpus is a test under any compiler. One line a file to stdout before it
// runs: the last one names the culprit when the target dies.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int run_file(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return 1;
    }
    size_t cap = 1 << 22;
    uint8_t *whole = malloc(cap);
    size_t len = whole ? fread(whole, 1, cap, f) : 0;
    fclose(f);
    // A block of exactly this size: a byte read beyond it is seen.
    uint8_t *data = realloc(whole, len ? len : 1);
    if (!data) {
        free(whole);
        return 1;
    }
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, len);
    free(data);
    return 0;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (run_file(argv[i]))
            return 1;
    }
    return 0;
}
