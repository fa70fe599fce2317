# The way without Jib and without this plugin: Maven in a container for the Pi's architecture, emulated on any other machine.
FROM rpi-lab/maven:21 AS build
LABEL io.github.rpideploy.lab=""
# How the build machine reaches Maven Central: its settings and its Java's certificates. They stay in this stage.
COPY machine /machine
ENV MAVEN_ARGS="-B -ntp -DskipTests -s /machine/settings.xml -gs /machine/global-settings.xml"
WORKDIR /src
COPY pom.xml ./
COPY auth-server/pom.xml auth-server/
COPY extension-server/pom.xml extension-server/
# All that Maven downloads, in a layer that is made again only when a pom.xml changes. A build without sources asks for less
# than dependency:go-offline does, and misses nothing.
RUN MAVEN_OPTS="$(cat /machine/options)" mvn package -pl auth-server
COPY auth-server/src auth-server/src
RUN mvn -o package -pl auth-server

FROM rpi-lab/jre:21
LABEL io.github.rpideploy.lab=""
COPY --from=build /src/auth-server/target/auth-server-1.0.0-SNAPSHOT.jar /app/app.jar
USER 1000:1000
ENTRYPOINT ["java", "-jar", "/app/app.jar"]
