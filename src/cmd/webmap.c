// What a server cannot be told of the old addresses is said by `loa config`
// only: a build has no server.
#include "cmd/webserver.h"

static bool refuse(Job *job, const Refused *r) {
    diag_error(job->diags, "E-SERVER-URL", r->pos,
               _("'%.*s' cannot stand in the configuration of a web "
                 "server"),
               STR_ARG(r->url));
    diag_hint(job->diags,
              _("an old address has only letters, digits and . _ ~ / %% ? = & "
                "-; write other characters as %%XX"));
    return false;
}

bool webmap_collect(Job *job, const Loaded *l, Redirects *out) {
    size_t errors = job->diags->errors;
    redirects_collect(job, &l->site, out);
    for (size_t i = 0; i < out->nrefused; i++)
        refuse(job, &out->refused[i]);
    return job->diags->errors == errors;
}
