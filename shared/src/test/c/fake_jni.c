/*
 * See fake_jni.h.  What the library must not do to the JVM (a null array, a region out of bounds, a function that is
 * not in the table) ends the test.
 */
#include "fake_jni.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

struct object {
    struct object *next;
    size_t size; /* of an element */
    size_t count;
    void *data;
};

static struct object *made;
int live_references;

static jobject make(const void *from, size_t count, size_t size)
{
    struct object *o = malloc(sizeof *o);
    CHECK(o && (o->data = malloc(count * size)), "out of memory");
    o->size = size;
    o->count = count;
    o->next = made;
    made = o;
    if (from) memcpy(o->data, from, count * size);
    else memset(o->data, 0x5a, count * size);
    return (jobject)o;
}

jbyteArray bytes(const void *from, size_t n) { return make(from, n, sizeof(jbyte)); }
jbyteArray text(const char *s) { return bytes(s, strlen(s)); }
jbyteArray room(size_t n) { return make(NULL, n, sizeof(jbyte)); }
jintArray ints(const jint *from, size_t n) { return make(from, n, sizeof(jint)); }
jshortArray shorts(const jshort *from, size_t n) { return make(from, n, sizeof(jshort)); }
jlongArray longs(size_t n) { return make(NULL, n, sizeof(jlong)); }
jobjectArray objects(const jbyteArray *from, size_t n) { return make(from, n, sizeof(jobject)); }
jobject descriptor(jint fd) { return make(&fd, 1, sizeof fd); }

void *in(jarray array) { return ((struct object *)array)->data; }

void release_arrays(void)
{
    while (made) {
        struct object *next = made->next;
        free(made->data);
        free(made);
        made = next;
    }
}

static void *region(jarray array, jsize off, jsize n, size_t size)
{
    struct object *o = (struct object *)array;
    CHECK(o, "null array");
    CHECK(o->size == size, "array of another type");
    CHECK(off >= 0 && n >= 0 && (size_t)off + (size_t)n <= o->count, "region %d+%d of an array of %zu", off, n, o->count);
    return (char *)o->data + (size_t)off * size;
}

#define REGION(Type, type) \
    static void JNICALL get_##type(JNIEnv *e, type##Array a, jsize off, jsize n, type *to) \
    { (void)e; memcpy(to, region(a, off, n, sizeof *to), (size_t)n * sizeof *to); } \
    static void JNICALL set_##type(JNIEnv *e, type##Array a, jsize off, jsize n, const type *from) \
    { (void)e; memcpy(region(a, off, n, sizeof *from), from, (size_t)n * sizeof *from); }

REGION(Byte, jbyte)
REGION(Int, jint)
REGION(Short, jshort)
REGION(Long, jlong)

static jsize JNICALL length(JNIEnv *e, jarray array)
{
    (void)e;
    CHECK(array, "null array");
    return (jsize)((struct object *)array)->count;
}

static jobject JNICALL element(JNIEnv *e, jobjectArray array, jsize i)
{
    (void)e;
    jobject o;
    memcpy(&o, region(array, i, 1, sizeof o), sizeof o);
    live_references += o != NULL;
    return o;
}

static void JNICALL delete_reference(JNIEnv *e, jobject o)
{
    (void)e;
    CHECK(o && live_references > 0, "a reference given back that was not handed out");
    live_references--;
}

static jarray pinned;

static void *JNICALL pin(JNIEnv *e, jarray a, jboolean *copied)
{
    (void)e;
    CHECK(!copied && !pinned, "an array is held already");
    pinned = a;
    return in(a);
}

static void JNICALL unpin(JNIEnv *e, jarray a, void *p, jint mode)
{
    (void)e;
    CHECK(a && a == pinned && p == in(a) && (mode == 0 || mode == JNI_ABORT), "another array is held");
    pinned = NULL;
}

#define FIELD ((jfieldID)&made)

static jint JNICALL get_field(JNIEnv *e, jobject o, jfieldID f)
{
    (void)e;
    CHECK(f == FIELD, "another field");
    return *(jint *)region(o, 0, 1, sizeof(jint));
}

static void JNICALL set_field(JNIEnv *e, jobject o, jfieldID f, jint value)
{
    (void)e;
    CHECK(f == FIELD, "another field");
    *(jint *)region(o, 0, 1, sizeof(jint)) = value;
}

static jclass JNICALL find_class(JNIEnv *e, const char *name)
{
    (void)e;
    CHECK(!strcmp(name, "java/io/FileDescriptor"), "class %s", name);
    return (jclass)&live_references;
}

static jfieldID JNICALL find_field(JNIEnv *e, jclass c, const char *name, const char *type)
{
    (void)e;
    CHECK(c == (jclass)&live_references && !strcmp(name, "fd") && !strcmp(type, "I"), "field %s %s", name, type);
    return FIELD;
}

/* NULL for what is not listed: a new use of JNI in the library shows as a crash here. */
static const struct JNINativeInterface_ functions = {
    .FindClass = find_class,
    .GetFieldID = find_field,
    .GetIntField = get_field,
    .SetIntField = set_field,
    .GetArrayLength = length,
    .GetObjectArrayElement = element,
    .DeleteLocalRef = delete_reference,
    .GetPrimitiveArrayCritical = pin,
    .ReleasePrimitiveArrayCritical = unpin,
    .GetByteArrayRegion = get_jbyte,
    .SetByteArrayRegion = set_jbyte,
    .GetIntArrayRegion = get_jint,
    .SetIntArrayRegion = set_jint,
    .GetShortArrayRegion = get_jshort,
    .SetShortArrayRegion = set_jshort,
    .GetLongArrayRegion = get_jlong,
    .SetLongArrayRegion = set_jlong,
};
JNIEnv env = &functions;

static jint JNICALL get_env(JavaVM *vm, void **to, jint version)
{
    (void)vm;
    CHECK(version == JNI_VERSION_10, "version %#x", version);
    *to = &env;
    return JNI_OK;
}

jint load(void)
{
    static const struct JNIInvokeInterface_ invoke = { .GetEnv = get_env };
    JavaVM vm = &invoke;
    return JNI_OnLoad(&vm, NULL);
}
