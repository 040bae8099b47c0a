#!/bin/sh
# examples/springboot: an application that fails stays down, in a container that stays up
. "$(dirname "$0")/reader.sh"

# What stands for a Java program: a script that fails as long as there is a file `broken`, in the image or the test's directory.
java=$scratch/packages/openjdk17-jre-headless/usr/bin/java
mkdir -p "${java%/*}"
cat >"$java" <<'S'
#!/bin/sh
echo "java $*"
[ ! -e /scratch ] || echo start >>/scratch/starts
[ ! -e "${BROKEN:-/srv/broken}" ] || { echo "Application run failed"; exit 1; }
trap 'echo told >>/scratch/told; kill $!; exit 143' TERM
httpd -f -p 127.0.0.1:8080 -h "$(dirname "${BROKEN:-/srv/broken}")" &
while :; do sleep 0.05; done
S
chmod +x "$java"
mkdir "$scratch/packages/openjdk17-jre-headless/srv"
touch "$scratch/packages/openjdk17-jre-headless/srv/broken" "$scratch/packages/openjdk17-jre-headless/srv/index.html"
touch "$scratch/starts" "$scratch/broken" "$scratch/index.html" "$scratch/told"
chmod 0666 "$scratch/starts" "$scratch/told"
copy_example springboot
mkdir "$scratch/examples" && mv "$scratch/example" "$scratch/examples/springboot"
echo jar >"$scratch/examples/springboot/app.jar"
follow "$source/examples/springboot/README.md" "$scratch"
types 'docker build -t springboot examples/springboot' || fail "it builds: $(cat "$scratch/said")"

# What the README says of one that fails, which the image is told by a file.
types 'docker run -d --name app -p 8080:8080 -e JAVA_OPTIONS=-Xmx256m springboot' || fail "it runs: $(cat "$scratch/said")"
does_soon 'docker logs app'
does_soon 'docker exec app sv status app'
echo 'cat /app/app.jar' | script -qec 'docker exec -it app sh' /dev/null >"$scratch/said"
check "one can look around" grep -q jar "$scratch/said"
leaves_out 'docker exec -it app sh'
docker exec app rm /srv/broken
does_soon 'docker exec app sv start app'
all_is_typed
docker rm -f -t 0 app >/dev/null
image=springboot

starts() {
    [ "$(wc -l <"$scratch/starts")" -eq "$1" ]
}
is_down() {
    inside sv status app | grep -qx 'down: app: [0-9]*s'
}
is_healthy() {
    podman healthcheck run "$c" >/dev/null
}

run_image -e BROKEN=/scratch/broken -e JAVA_OPTIONS=-Xmx64m -v "$scratch:/scratch" "$image"
await says 'app has ended, exit code 1, signal 0. It stays down until: sv start app' || fail "it says that it failed"
says 'is started again' && fail "nobody says that it is started again"
check "it had its options" says 'java -Xmx64m -jar /app/app.jar'
await is_down || fail "it is down, and that is normal"
is_healthy && fail "it is not healthy"
inside sv -w 1 start app >/dev/null
await starts 2 || fail "sv start starts it"
await is_down || fail "it failed again and is down"
stop
check "the container stops with 0" [ "$(exit_code)" = 0 ]
quietly podman start "$c" >/dev/null
await is_down || fail "the container is started again: it is still down"
check "nobody has started it" starts 2
rm "$scratch/broken"
inside sv -w 1 start app >/dev/null
await starts 3 || fail "repaired, it starts"
await is_healthy || fail "repaired, it runs and is healthy"
inside sv -w 10 restart app >/dev/null
check "a restart that is asked for is one" starts 4
stop
check "it was told to stop, twice" [ "$(wc -l <"$scratch/told")" -eq 2 ]

end
