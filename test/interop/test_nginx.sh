#!/bin/sh
# Does our client fetch from an nginx that speaks TLS 1.3: each suite and group, each kind of key, ten
# MiB, chunks, client certificates? nginx runs from a folder of its own, on a port that is free.
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx
PATH=$PATH:/usr/sbin:/sbin
cd "$certs"
mkdir "$work/www"
head -c 10485760 /dev/urandom >"$work/www/big"
echo '<h1>from nginx</h1> in two chunks: <!--# echo var="x" default="yes" -->' >"$work/www/chunks.shtml"
echo from nginx >"$work/www/index.html"

# nginx NAME DIRECTIVE: with the certificate of that name
nginx_with()
{
    cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
worker_processes 1;
pid $work/nginx.pid;
error_log stderr info;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    server {
        listen 127.0.0.1:$port ssl;
        root $work/www;
        ssl_certificate $certs/$1.pem;
        ssl_certificate_key $certs/$1.key;
        ssl_protocols TLSv1.3;
        ssi on;
        ssi_types text/html;
        location /said { return 200 "\$ssl_protocol \$ssl_cipher \$ssl_curves \$ssl_client_verify \$ssl_server_name"; }
        location /chunks.shtml { default_type text/html; }
        $2
    }
}
CONF
    start nginx nginx -e stderr -p "$work" -c "$work/nginx.conf"
}

client()
{
    "$galvan" client --ca ca.pem "$@" "localhost:$port"
}

suite_and_group()
{
    start_peer nginx_with p256 "ssl_ecdh_curve $5; ssl_conf_command Ciphersuites $2;"
    expect_status 0 client --json --http /said --output "$work/page"
    expect out.log '"version":"TLS 1.3"' "\"cipher_suite\":\"$1\"" "\"group\":\"$4\"" '"verified":true' '"http_status":200'
    expect page "^TLSv1.3 $2 .* localhost$"
    case $4 in
    X25519) expect out.log '"handshake":"full"' ;;
    *) expect out.log '"handshake":"full with hello retry request"' ;;
    esac
    stop "$pid"
}
each_choice suite_and_group
passed "each suite with each group; HelloRetryRequest"

start_peer nginx_with p256 ''
server=$pid
expect_status 0 client --http /
expect out.log '^HTTP/1.1 200 OK' '^from nginx$'
expect err.log 'ALPN  *http/1.1' 'Verified  *yes'
expect_status 0 client --http /big --output "$work/page"
sed '1,/^\r$/d' "$work/page" >"$work/body-of-page"
same "$work/www/big" "$work/body-of-page"
expect_status 0 client --http /big --json
expect out.log '"received":104[0-9]*,' # and thrown away
expect_status 0 client --http /chunks.shtml
expect out.log '^Transfer-Encoding: chunked' '^<h1>from nginx</h1> in two chunks: yes'
[ "$(sed '1,/^\r$/d' "$work/out.log" | wc -l)" = 1 ] || fail "the marks of chunks are shown"
expect_status 0 client --http /nothing-there
expect out.log '^HTTP/1.1 404 '
stop "$server"
passed "pages, chunks, 10 MiB"

for key in p384 p521 ed25519 rsa2048 chain; do
    start_peer nginx_with $key ''
    expect_status 0 client --http /
    stop "$pid"
done
start_peer nginx_with p256 "ssl_verify_client on; ssl_client_certificate $certs/ca.pem;"
expect_status 0 client --cert client.pem --key client.key --http /said
expect out.log 'SUCCESS'
expect_status 0 client --http /said
expect out.log '^HTTP/1.1 400 ' # nginx says it in HTTP
stop "$pid"
start_peer nginx_with unknown ''
expect_status 1 client --http /
expect err.log 'no chain leads'
await nginx.log 'alert unknown ca'
stop "$pid"
passed "each kind of key, a chain, client certificates, an authority that is not known"
