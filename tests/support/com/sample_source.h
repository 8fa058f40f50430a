/* sample_source.h: an object of ours for tests, with a dual interface, class information and a connection point, but
 * without a pipe. It poses as a NamedPipeServer; of its dual interface only IDispatch may be called. In C, since
 * com's own structures are. */

#ifndef SUPPORT_COM_SAMPLE_SOURCE_H
#define SUPPORT_COM_SAMPLE_SOURCE_H

#include <windows.h>

#include <ole2.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sample_source sample_source;

/* One reference. */
IUnknown *sample_source_create(sample_source **weak);

/* object_try_hold of an object whose destruction is held up: see sample_source_on_destroy. */
BOOL sample_source_try_hold(sample_source *s);

/* Called from the destruction of any sample source, with a pointer that still is one; NULL: nothing. */
extern void (*sample_source_on_destroy)(sample_source *s, IUnknown *identity);

/* How often the sinks have changed. */
int sample_source_changes(const sample_source *s);

/* How many destructions there were. */
extern LONG sample_source_destroyed;

#ifdef __cplusplus
}
#endif

#endif
