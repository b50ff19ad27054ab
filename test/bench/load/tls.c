/* tls.c - TLS of the client's side: a full handshake on the control connection, resumed ones on data connections. */
#include "load.h"
#include <sys/socket.h>

#define WRITES (128 * 1024) /* bytes that a write to the socket has at most: several records */

static SSL_CTX *context(void)
{
    static SSL_CTX *c;
    pthread_mutex_lock(&mu);
    if (!c) {
        c = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION);
        SSL_CTX_set_ciphersuites(c, "TLS_AES_256_GCM_SHA384");
        SSL_CTX_set_verify(c, SSL_VERIFY_NONE, 0);
        SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF); /* it would have a ticket of TLS 1.3 used once */
    }
    pthread_mutex_unlock(&mu);
    return c;
}

int tls_begin(struct sess *s)
{
    if (cmd(s, "AUTH TLS") != 234) { if (!s->err) s->err = "no234"; return -1; }
    s->ssl = SSL_new(context());
    SSL_set_fd(s->ssl, s->fd);
    if (SSL_connect(s->ssl) == 1) return 0;
    s->err = "handshake";
    return -1;
}

int tls_protect(struct sess *s)
{
    if (cmd(s, "PBSZ 0") == 200 && cmd(s, "PROT P") == 200) return 0;
    if (!s->err) s->err = "noprot";
    return -1;
}

SSL *tls_data(struct sess *s, int d)
{
    SSL *t = SSL_new(context());
    SSL_SESSION *known = SSL_get1_session(s->ssl);
    SSL_set_fd(t, d);
    if (known) SSL_set_session(t, known);
    if (SSL_connect(t) != 1) s->err = "datahandshake";
    else if (!SSL_session_reused(t)) s->anew++;
    SSL_SESSION_free(known);
    return t;
}

int tls_send(struct sess *s, SSL *t, const char *b, long long size, long long all)
{
    BIO *several = BIO_new(BIO_f_buffer());
    long long n = 0;
    char unread[4096];
    BIO_set_write_buffer_size(several, WRITES);
    BIO_up_ref(SSL_get_rbio(t));
    SSL_set0_wbio(t, BIO_push(several, SSL_get_rbio(t)));
    while (n < all && !s->err) {
        long long at = n % size, w = size - at;
        if (w > all - n) w = all - n;
        if (w > 1 << 20) w = 1 << 20;
        if (SSL_write(t, b + at, w) != w) s->err = "data";
        n += w;
    }
    SSL_shutdown(t);
    if (BIO_flush(several) != 1) s->err = "data";
    shutdown(SSL_get_fd(t), SHUT_WR);
    /* What the server has said meanwhile, as a ticket, would make the end a reset. */
    while (recv(SSL_get_fd(t), unread, sizeof unread, 0) > 0) ;
    return s->err ? -1 : 0;
}

void tls_end(SSL *t)
{
    if (!t) return;
    /* Nobody waits for an answer, and a session that was not ended would not be resumed again. */
    SSL_set_shutdown(t, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(t);
}
