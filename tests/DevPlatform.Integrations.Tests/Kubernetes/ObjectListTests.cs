using System.Text;
using DevPlatform.Integrations.Kubernetes;

namespace DevPlatform.Integrations.Tests.Kubernetes;

public sealed class ObjectListTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[1]}""")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":[{"metadata":[]}]}""")]
    [InlineData("""{"items":[{"metadata":{}}]}""")]
    [InlineData("""{"items":[],"items":[]}""")]
    [InlineData("""{"items":[{"metadata":{"name":"a","name":"b"}}]}""")]
    public void What_is_no_list_is_an_error_of_that_kind(string body)
    {
        var list = ObjectList.Read(ObjectKind.Workloads[0], Encoding.UTF8.GetBytes(body), 500);

        list.Problem.ShouldNotBeNull();
        list.Error!.Message!.ShouldContain("v1/pods");
        list.Items.ShouldBeEmpty();
    }

    [Fact]
    public void More_objects_than_are_read_are_told()
    {
        var list = ObjectList.Read(ObjectKind.Workloads[0], """{"metadata":{"continue":"x"},"items":[{"metadata":{"name":"a"}}]}"""u8.ToArray(), 1);

        list.Items.Count.ShouldBe(1);
        list.Problem.ShouldBeNull();
        list.Error!.Message.ShouldBe("v1/pods: only the first 1 are shown");
    }
}
